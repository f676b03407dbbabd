"""Formulas: LaTeX in a page becomes MathML when the site is built, so that no script is needed to read it."""

import re
from functools import cache
from html import unescape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert

_ESCAPED_BRACE = re.compile(r"\\[{}]")
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


class FormulaError(Exception):
    """A formula that is not LaTeX, or not the part of it that can be shown."""

    def __init__(self, latex: str, reason: str) -> None:
        super().__init__(f"the formula {latex} {reason}")
        self.latex = latex


def render(element: Element) -> None:
    r"""Make MathML of an element that pymdownx.arithmatex wrote for `\(…\)` or `\[…\]`; raises FormulaError."""
    text = unescape(element.text or "").strip()
    display = text.startswith("\\[")
    math = ElementTree.fromstring(_mathml(text[2:-2].strip(), display))
    for part in math.iter():
        part.tag = part.tag.removeprefix(_NAMESPACE)
    math.set("xmlns", _NAMESPACE[1:-1])
    element.text = None
    # A long formula scrolls on a phone; what scrolls has to be reachable by keyboard.
    element.attrib = {"class": "formula", "tabindex": "0"} if display else {"class": "formula"}
    element.append(math)


@cache
def _mathml(latex: str, display: bool) -> str:
    braces = _ESCAPED_BRACE.sub("", latex)
    if braces.count("{") != braces.count("}"):
        raise FormulaError(latex, "has a brace that is not closed, or not opened")
    try:
        mathml = convert(latex, display="block" if display else "inline")
        tree = ElementTree.fromstring(mathml)
    except Exception as error:  # the converter's errors have names, and no common class or text
        raise FormulaError(latex, f"cannot be read: {type(error).__name__}") from None
    for part in tree.iter():  # what it does not know it passes on as a name
        if part.text and re.fullmatch(r"\\\w+", part.text.strip()):
            raise FormulaError(latex, f"has an unknown command, {part.text.strip()}")
    return mathml

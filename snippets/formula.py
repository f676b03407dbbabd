"""Formulas: LaTeX in a page becomes MathML when the site is built, so that no script is needed to read it."""

import re
from functools import cache
from html import unescape

from latex2mathml.converter import convert

_FORMULA = re.compile(r'<(span|div) class="arithmatex">(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])</\1>', re.S)
_ESCAPED_BRACE = re.compile(r"\\[{}]")


class FormulaError(Exception):
    """A formula that is not LaTeX, or not the part of it that can be shown."""

    def __init__(self, latex: str, reason: str) -> None:
        super().__init__(f"the formula {latex} {reason}")
        self.latex = latex


def render(html: str) -> str:
    """`html` with every formula that pymdownx.arithmatex marked put into MathML; raises FormulaError."""
    return _FORMULA.sub(lambda found: _mathml(unescape(found[2]).strip(), found[1] == "div"), html)


@cache
def _mathml(latex: str, display: bool) -> str:
    braces = _ESCAPED_BRACE.sub("", latex)
    if braces.count("{") != braces.count("}"):
        raise FormulaError(latex, "has a brace that is not closed, or not opened")
    try:
        mathml = convert(latex, display="block" if display else "inline")
    except Exception as error:  # the converter's errors have names, and no common class or text
        raise FormulaError(latex, f"cannot be read: {type(error).__name__}") from None
    if unknown := re.search(r">(\\\w+)<", mathml):  # what it does not know it passes on as a name
        raise FormulaError(latex, f"has an unknown command, {unknown[1]}")
    # A long formula scrolls on a phone; what scrolls has to be reachable by keyboard.
    return f'<div class="formula" tabindex="0">{mathml}</div>' if display else mathml

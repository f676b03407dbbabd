"""Formulas: LaTeX in a page becomes MathML when the site is built, so that no script is needed to read it."""

import re
from functools import cache
from html import unescape

from latex2mathml.converter import convert

_FORMULA = re.compile(r'<(span|div) class="arithmatex">(?:\\\(|\\\[)(.*?)(?:\\\)|\\\])</\1>', re.S)


def render(html: str) -> str:
    """`html` with every formula that pymdownx.arithmatex marked put into MathML."""
    return _FORMULA.sub(lambda found: _mathml(unescape(found[2]).strip(), found[1] == "div"), html)


@cache
def _mathml(latex: str, display: bool) -> str:
    mathml = convert(latex, display="block" if display else "inline")
    # A long formula scrolls on a phone; what scrolls has to be reachable by keyboard.
    return f'<div class="formula" tabindex="0">{mathml}</div>' if display else mathml

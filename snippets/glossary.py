"""The glossary: its definitions stand as tooltips on every link to a term."""

import re
from html import escape

from .page import Page

KEY = "reference/glossary"


def definitions(page: Page) -> dict[str, str]:
    """The first sentence below each `## Term`, by the term's anchor."""
    found = re.findall(r"^## (.+)\n+(.+)", page.text, re.MULTILINE)
    return {_anchor(term): re.split(r"(?<=\.)\s", text.replace("`", ""))[0] for term, text in found}


def explain(html: str, meanings: dict[str, str]) -> str:
    """`html` with the definition as title of each link to a term."""

    def add(link: re.Match[str]) -> str:
        meaning = meanings.get(link[2])
        return f'<a title="{escape(meaning)}" {link[1]}' if meaning else link[0]

    return re.sub(r'<a (href="[^"]*glossary/(?:index\.html)?#([\w-]+)")', add, html)


def _anchor(term: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", term).strip().lower())

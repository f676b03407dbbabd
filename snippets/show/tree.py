"""What the pages' HTML gets while it is still a tree: definitions on links to terms, formulas, tables one can reach."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ..pages import Page
from . import formula

_TERM = re.compile(r"[^?]*glossary(?:\.md|/(?:index\.html)?)#(.+)")


def mend(root: Element, page: Page, meanings: dict[str, str]) -> Iterator[str]:
    """Change the tree of a page; give a sentence, with file and line, for each thing that cannot be shown."""
    for parent in list(root.iter()):
        for position, element in enumerate(list(parent)):
            if element.tag == "a" and (term := _TERM.fullmatch(element.get("href", ""))) and term[1] in meanings:
                element.set("title", meanings[term[1]])
            elif element.get("class") == "arithmatex":
                try:
                    formula.render(element)
                except formula.FormulaError as error:
                    element.text = str(error)
                    yield f"{page.name}:{line_of(page.text, error.latex)}: {error}"
            elif element.tag == "table" and not element.get("class"):
                _make_reachable(parent, position, element)


def _make_reachable(parent: Element, position: int, table: Element) -> None:
    """What scrolls on a phone has to be reachable by keyboard."""
    table.set("class", "plain")
    around = Element("div", {"class": "table", "tabindex": "0"})
    around.tail, table.tail = table.tail, None
    parent.remove(table)
    around.append(table)
    parent.insert(position, around)


def put_under_title(root: Element, line: Element) -> None:
    """Put an element below the first heading of the first level."""
    for parent in root.iter():
        for position, element in enumerate(parent):
            if element.tag == "h1":
                parent.insert(position + 1, line)
                return


def line_of(text: str, wanted: str) -> int:
    """The first line of a page's Markdown that holds `wanted`, or the first line of it; 1 if none does."""
    first = wanted.split("\n")[0]
    return next((number for number, line in enumerate(text.split("\n"), 1) if first in line), 1)

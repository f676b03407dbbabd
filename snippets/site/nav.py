"""The nav of mkdocs.yml, added to as text: all else in that file stays as it is, comments, tags and line ends included."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from ..pages.course import SETTINGS


class NavError(Exception):
    """A page that cannot be put into the nav; says why."""


@dataclass(frozen=True)
class Added:
    """The settings with the page in them, the line where it stands, and its part (empty: in none); `anew` if that part is new."""

    text: str
    line: int
    part: str
    anew: bool


@dataclass(frozen=True)
class Entry:
    """An entry that is a page, the list it stands in, and the title of that list."""

    page: str
    node: yaml.Node
    section: yaml.SequenceNode
    title: str


def with_page(text: str, page: str, after: str, reference: tuple[str, ...]) -> Added | None:
    """Put `page` into the nav of mkdocs.yml's `text`; None if that has no nav. Raises NavError.

    It goes after the page `after` if there is one, else to the end of the part that holds its folder's pages, else into a
    new part, before those of the folders `reference`.
    """
    if (nav := _nav(text)) is None:
        return None
    entries = list(_entries(nav, ""))
    if listed := next((entry for entry in entries if entry.page == page), None):
        return Added(text, _line(text, listed.node.start_mark.index), listed.title, anew=False)
    section, last, part = _place(nav, entries, page, after, reference)
    new_part = ""
    if section is None:
        section, new_part = nav, posixpath.basename(posixpath.dirname(page)).replace("-", " ").capitalize()
    at, written = _written(text, section, last, page, new_part)
    added = text[:at] + written + text[at:]
    _hold(entries, added, page)
    return Added(added, _line(added, added.index(page, at)), new_part or part, bool(new_part))


def _place(
    nav: yaml.SequenceNode, entries: list[Entry], page: str, after: str, reference: tuple[str, ...]
) -> tuple[yaml.SequenceNode | None, yaml.Node, str]:
    """The list that `page` belongs to, None for one that is not there yet, the node before it, and the list's title."""
    if after:
        neighbor = next((entry for entry in entries if entry.page == after), None)
        if neighbor is None:
            raise NavError(f"{SETTINGS}: there is no {after} in nav to put a page after")
        return neighbor.section, neighbor.node, neighbor.title
    folder = posixpath.dirname(page)
    sections = {id(entry.section): entry for entry in entries if posixpath.dirname(entry.page) == folder}
    if len(sections) > 1:
        titles = ", ".join(entry.title for entry in sections.values())
        raise NavError(f"the pages of {folder} stand in several parts of nav ({titles}): say where with --after PAGE")
    for found in sections.values():
        if found.section is not nav:
            return found.section, found.section.value[-1], found.title
    # What is looked up and not worked through stays at the end.
    ends = [number for number, node in enumerate(nav.value) if number and _is_in(node, reference)]
    return nav if sections else None, nav.value[(ends or [0])[0] - 1], ""


def _written(text: str, section: yaml.SequenceNode, entry: yaml.Node, page: str, new_part: str) -> tuple[int, str]:
    """Where and how `page` is written below `entry` of `section`; as the only page of `new_part`, if that is not empty."""
    title = f"{_quoted(new_part)}:"
    if section.flow_style:
        return entry.end_mark.index, f", {title} [{page}]" if new_part else f", {page}"
    dash = text[text.rfind("\n", 0, entry.start_mark.index) + 1 : entry.start_mark.index]
    if not re.fullmatch(r" *- +", dash):
        raise NavError(f"{SETTINGS}: nav is not written with an entry a line: add {page} by hand")
    end, newline = text.find("\n", _end(entry)), "\r\n" if "\r\n" in text else "\n"
    written = f"{dash}{title}{newline}{_below(section, dash)}{page}" if new_part else f"{dash}{page}"
    return (len(text), newline + written) if end < 0 else (end + 1, written + newline)


def _quoted(title: str) -> str:
    """The title as YAML reads it: "On" and "2027" are no words there."""
    return title if not title or yaml.safe_load(title) == title else f'"{title}"'


def _below(nav: yaml.SequenceNode, dash: str) -> str:
    """What stands before the pages of a part, as in the other parts."""
    inner = [value for entry in nav.value for _, value in _titled(entry)]
    columns = [one.start_mark.column for one in inner if isinstance(one, yaml.SequenceNode) and not one.flow_style]
    return " " * (columns[0] if columns else dash.index("-") + 4) + "- "


def _nav(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text, yaml.SafeLoader)
    found = [value for key, value in root.value if key.value == "nav"] if isinstance(root, yaml.MappingNode) else []
    return found[0] if found and isinstance(found[0], yaml.SequenceNode) and found[0].value else None


def _entries(section: yaml.SequenceNode, title: str) -> Iterator[Entry]:
    for node in section.value:
        for name, value in _titled(node):
            if isinstance(value, yaml.SequenceNode):
                yield from _entries(value, name)
            elif isinstance(value, yaml.ScalarNode):
                yield Entry(value.value, node, section, title)


def _titled(node: yaml.Node) -> list[tuple[str, yaml.Node]]:
    """What an entry holds, with the titles that are given there."""
    return [(key.value, value) for key, value in node.value] if isinstance(node, yaml.MappingNode) else [("", node)]


def _is_in(node: yaml.Node, folders: tuple[str, ...]) -> bool:
    """Whether an entry is a page of one of the folders, or holds one."""
    return any(entry.page.partition("/")[0] in folders for entry in _entries(yaml.SequenceNode("", [node]), ""))


def _end(node: yaml.Node) -> int:
    """Where an entry ends: a list in lines is said to end only where the next thing begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node.end_mark.index


def _hold(before: list[Entry], text: str, page: str) -> None:
    """Raises NavError unless the nav of `text` is the one before, and `page` in it."""
    nav = _nav(text)
    pages = [entry.page for entry in _entries(nav, "")] if nav else []
    if pages.count(page) != 1 or [one for one in pages if one != page] != [entry.page for entry in before]:
        raise NavError(f"{SETTINGS}: nav is written in a way that cannot be added to: add {page} by hand")


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1

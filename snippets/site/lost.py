"""What is said of a site's links that lead nowhere, or only seem to lead somewhere: where, and what was meant."""

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..pages import Page
from ..show.leads import Leads, place
from .links import Links, place_of
from .near import guesses, like, nearest


@dataclass(frozen=True)
class Ground:
    """What is known of a site besides its HTML.

    `base` is the path that it is served below, `urls` the addresses below it of all that lies below docs. `rooted` says
    that links which begin with a slash lead from the top of docs. `gone` is in the menu and nowhere else, `moved` says
    where pages are now.
    """

    base: str
    urls: Mapping[str, str] = field(default_factory=dict)
    rooted: bool = False
    gone: Container[str] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    def file(self, source: str) -> str:
        """The file below the site that shows a page."""
        return unquote(place(source, self.urls)) + "index.html"

    def goal(self, page: Page, address: str) -> tuple[str, str]:
        """The file below the site and the anchor that a link to a page leads to, as it is written."""
        parts = urlsplit(address)
        path = posixpath.join(posixpath.dirname(page.source), unquote(parts.path)) if parts.path else page.source
        return self.file(posixpath.normpath(path)), unquote(parts.fragment)

    def near(self, page: Page, path: str) -> str:
        """What a link to `path` was likely meant for, as it is to be written; empty if nothing is near."""
        if now := next((self.moved[old] for old in guesses(page.source, path) if old in self.moved), ""):
            return posixpath.relpath(now, posixpath.dirname(page.source) or ".")
        return nearest(page.source, path, self.urls)


def lost(
    links: Links, site: Path, ground: Ground, pages: Mapping[str, Page], unread: Iterable[str] = ()
) -> Iterator[str]:
    """A sentence for each such link of the site in a folder; `pages` and those `unread` go by their path below docs."""
    ground = ground if ground.urls else replace(ground, urls={source: place(source, {}) for source in pages})
    html, blank = {ground.file(source): page for source, page in pages.items()}, set(map(ground.file, unread))
    told: set[tuple[str, str]] = set()
    for page in pages.values():
        for address, said in badly_written(page, ground):
            told.add((page.source, address))
            yield from _at_its_lines(page, address, said)
    for name, link, target, anchor in links.dead(site, ground.base):
        if target in blank or (target is None and place_of(name, link, ground.base) in ground.gone):
            continue  # a page that could not be read has no anchors; the menu leads there from every page
        if name not in html:
            yield f"{name}: the link {link} leads nowhere"
        elif (html[name].source, link) not in told:
            page = html[name]
            written = next((to for _, to in page.links if ground.goal(page, to) == (target, anchor)), link)
            if target is None:
                meant = _meant(page, link, ground)
            else:
                near = like(anchor, links.read[links.pages[target]].ids)
                meant = f": the page has no #{anchor}" + f"; did you mean #{near}?" * bool(near)
            yield from _at_its_lines(page, written, f"the link {written} leads nowhere{meant}")


def badly_written(page: Page, ground: Ground) -> Iterator[tuple[str, str]]:
    """The links of a page's prose that do not name the file of a page as its other forms need it, and what is wrong."""
    for address in dict.fromkeys(address for _, address in page.links):
        parts = urlsplit(address)
        path = "" if Leads.is_foreign(address) else unquote(parts.path)
        absolute = path.startswith(("/", "\\")) and not ground.rooted
        start = "/" if path.startswith("/") else posixpath.dirname(page.source)
        target = posixpath.normpath(posixpath.join(start, path)).removeprefix("/")
        is_page = posixpath.splitext(target)[1] in ("", ".", ".md", ".html")
        if not path or not (absolute or (is_page and target not in ground.urls)):
            continue
        near = ground.near(page, path)
        meant = near + f"#{parts.fragment}" * bool(near and parts.fragment)
        if absolute:
            said = "is absolute, and leads elsewhere where the site does not stand at the top of its host"
            yield address, f"the link {address} {said}: write {meant or 'it relative to this page'}"
        elif target.endswith(".md"):
            docs = page.name.removesuffix(page.source)
            also = f"; did you mean {meant}?" * bool(meant)
            yield address, f"the link {address} leads nowhere: there is no {docs}{target}{also}"
        else:
            yield address, f"the link {address} names no file: write {meant or 'the file, with its ending'}"


def _meant(page: Page, link: str, ground: Ground) -> str:
    path = unquote(urlsplit(link).path)
    near = ground.near(page, path)
    if near == posixpath.normpath(path):  # right in Markdown, and so written in HTML
        return f": in HTML an address is relative to the page's own; write [text]({link})"
    return f"; did you mean {near}?" * bool(near)


def _at_its_lines(page: Page, address: str, said: str) -> Iterator[str]:
    for line in [line for line, to in page.links if to == address] or [line_of(page.text, address)]:
        yield f"{page.name}:{line}: {said}"


def line_of(text: str, link: str) -> int:
    """The line of a page's Markdown where `link`, as found in its HTML, is likely written; 1 if it is not found."""
    parts = urlsplit(link)
    stem = Path(parts.path.rstrip("/")).stem
    for wanted in (
        f'"{link}"',
        f"'{link}'",
        link,
        f"{stem}.md#{parts.fragment}",
        f"#{parts.fragment}" if parts.fragment else link,
        stem,
    ):
        for number, line in enumerate(text.split("\n"), 1):
            if wanted and wanted in line and ("](" in line or "]:" in line or "href" in line):
                return number
    return 1

"""The built site's internal links, followed."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html as lxml_html

from ..pages import Page
from ..show.leads import Leads, place
from .near import like, nearest

_ADDRESSES = (
    "//@href | //@src | //@poster | //@action | //@formaction | //@cite | //object/@data | //@*[name()='xlink:href']"
)
_LISTS = "//@srcset | //@imagesrcset"


@dataclass(frozen=True)
class Ends:
    """What a page can be reached by, and where it leads."""

    ids: frozenset[str]
    links: tuple[str, ...]

    @classmethod
    def of(cls, page: bytes) -> "Ends":
        document = lxml_html.document_fromstring(page, parser=lxml_html.HTMLParser(encoding="utf-8"))
        lists = [one.split()[0] for value in document.xpath(_LISTS) for one in value.split(",") if one.strip()]
        links = dict.fromkeys([*document.xpath(_ADDRESSES), *lists])
        return cls(frozenset(document.xpath("//@id | //a/@name")), tuple(links))


class Links:
    """Follows the links of one site after another; of a page that is as it was, only what others may have changed."""

    def __init__(self) -> None:
        self.read: dict[bytes, Ends] = {}
        self.pages: dict[str, bytes] = {}
        self.files: set[str] = set()
        self.followed: dict[tuple[str, bytes], list[tuple[str, str | None, str]]] = {}

    def broken(self, site: Path, base: str) -> Iterator[tuple[str, str]]:
        """Each internal link of the built pages that leads nowhere, as (page below `site`, link).

        `base` is the path that the site is served below, for instance `/course/`.
        """
        return ((name, link) for name, link, *_ in self._dead(site, base))

    def _dead(self, site: Path, base: str) -> Iterator[tuple[str, str, str | None, str]]:
        """The same with the file that the link leads to, if there is one, and the anchor that this lacks."""
        # Every page links to every other: what is done for each link is done with plain text and sets.
        files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        self.pages = {name: (site / name).read_bytes() for name in sorted(files) if name.endswith(".html")}
        self.read = {page: self.read.get(page) or Ends.of(page) for page in self.pages.values()}
        before, self.files = self.followed if files == self.files else {}, files
        self.followed = {
            (name, page): before[name, page] if (name, page) in before else list(self._follow(name, page, base))
            for name, page in self.pages.items()
        }
        for (name, _), links in self.followed.items():
            for link, target, anchor in links:
                if target is None or (target in self.pages and anchor not in self.read[self.pages[target]].ids):
                    yield name, link, target, anchor

    def report(
        self,
        site: Path,
        base: str,
        pages: Mapping[str, Page],
        urls: Mapping[str, str] | None = None,
        rooted: bool = False,
        unread: Iterable[str] = (),
    ) -> list[str]:
        """A sentence for each link that leads nowhere or only seems to lead somewhere, with its line and what was meant.

        `pages` go by their path below docs. `urls` has the addresses of all that lies there; without it only the pages
        are known. `rooted` allows links from the top of docs. No anchor is looked for on `unread` pages.
        """
        urls = {source: place(source, {}) for source in pages} if urls is None else urls
        html = {_file(source, urls): page for source, page in pages.items()}
        blank = {_file(source, urls) for source in unread}
        told = {(page.source, address): said for page in pages.values() for address, said in wrong(page, urls, rooted)}
        found: list[tuple[Page | None, str, str]] = [
            (pages[source], address, said) for (source, address), said in told.items()
        ]
        for name, link, target, anchor in self._dead(site, base):
            if name not in html:
                found.append((None, name, f"{name}: the link {link} leads nowhere"))
            elif (html[name].source, link) not in told and target not in blank:
                page = html[name]
                written = next((to for _, to in page.links if _goal(page, to, urls) == (target, anchor)), link)
                near = self._near(page, link, target, anchor, urls)
                found.append((page, written, f"the link {written} leads nowhere{near}"))
        return [line for page, address, said in found for line in _at_its_lines(page, address, said)]

    def _near(self, page: Page, link: str, target: str | None, anchor: str, urls: Mapping[str, str]) -> str:
        """What was meant by a link that leads nowhere."""
        if target is not None:
            meant = like(anchor, self.read[self.pages[target]].ids)
            return f": the page has no #{anchor}" + (f"; did you mean #{meant}?" if meant else "")
        path = unquote(urlsplit(link).path)
        meant = nearest(page.source, path, urls)
        if meant == posixpath.normpath(path):  # right in Markdown, and so written in HTML
            return f": in HTML an address is relative to the page's own; write [text]({link})"
        return f"; did you mean {meant}?" if meant else ""

    def _follow(self, name: str, page: bytes, base: str) -> Iterator[tuple[str, str | None, str]]:
        """The links of a page that lead nowhere or to an anchor: (link, file below the site, anchor)."""
        for link in self.read[page].links:
            if Leads.is_foreign(link):
                continue
            path, _, anchor = link.strip().partition("#")
            target = _target(self.files, name, unquote(path.partition("?")[0]), base)
            if target is None or anchor:
                yield link, target, unquote(anchor)


def _target(files: set[str], page: str, path: str, base: str) -> str | None:
    """The one of the site's `files` that a link's path leads to from `page`; None if there is none."""
    if not path:
        return page
    if path.startswith("/"):
        if not path.startswith(base):
            return None
        target = path[len(base) :]
    else:
        target = f"{posixpath.dirname(page)}/{path}".lstrip("/")
    target = posixpath.normpath(target)
    return next((name for name in (target, posixpath.normpath(f"{target}/index.html")) if name in files), None)


def wrong(page: Page, urls: Mapping[str, str], rooted: bool) -> Iterator[tuple[str, str]]:
    """The links of a page's prose that do not name the file of a page as its other forms need it, and what is wrong."""
    for address in dict.fromkeys(address for _, address in page.links):
        path = unquote(urlsplit(address).path) if not Leads.is_foreign(address) else ""
        if not path:
            continue
        at_top = path.startswith(("/", "\\"))
        target = (
            path.lstrip("/") if at_top else posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path))
        )
        if (at_top and not rooted) or (
            target not in urls and posixpath.splitext(target)[1] in ("", ".", ".md", ".html")
        ):
            near, anchor = nearest(page.source, path, urls), urlsplit(address).fragment
            meant = near + f"#{anchor}" * bool(anchor)
            if at_top and not rooted:
                said = "is absolute, and leads elsewhere where the site does not stand at the top of its host"
                yield address, f"the link {address} {said}: write {meant or 'it relative to this page'}"
            elif target.endswith(".md"):
                yield address, f"the link {address} leads nowhere" + (f"; did you mean {meant}?" if near else "")
            else:
                yield address, f"the link {address} names no file: write {meant or 'the file, with its ending'}"


def _file(source: str, urls: Mapping[str, str]) -> str:
    """The file below the site that shows a page."""
    return unquote(place(source, urls)) + "index.html"


def _goal(page: Page, address: str, urls: Mapping[str, str]) -> tuple[str, str]:
    """The file below the site and the anchor that a link to a page leads to, as it is written."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    source = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path)) if path else page.source
    return _file(source, urls), unquote(parts.fragment)


def _at_its_lines(page: Page | None, address: str, said: str) -> list[str]:
    if page is None:
        return [said]
    lines = [line for line, to in page.links if to == address] or [line_of(page.text, address)]
    return [f"{page.name}:{line}: {said}" for line in lines]


def line_of(text: str, link: str) -> int:
    """The line of a page's Markdown where `link`, as found in its HTML, is likely written; 1 if it is not found."""
    parts = urlsplit(link)
    stem = Path(parts.path.rstrip("/")).stem
    for wanted in (link, f"{stem}.md#{parts.fragment}", f"#{parts.fragment}" if parts.fragment else link, stem):
        for number, line in enumerate(text.split("\n"), 1):
            if wanted and wanted in line and ("](" in line or "]:" in line or "href" in line):
                return number
    return 1

"""The built site's internal links, followed."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import html as lxml_html

from ..show.leads import Leads

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
        return ((name, link) for name, link, *_ in self.dead(site, base))

    def dead(self, site: Path, base: str) -> Iterator[tuple[str, str, str | None, str]]:
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
    target = place_of(page, path, base)
    return next((name for name in (target, posixpath.normpath(f"{target}/index.html")) if name in files), None)


def place_of(page: str, path: str, base: str) -> str:
    """Where below the site a link's path leads from `page`; a place that nothing has if that is outside."""
    if path.startswith("/"):
        return posixpath.normpath(path[len(base) :]) if path.startswith(base) else "/"
    return posixpath.normpath(f"{posixpath.dirname(page)}/{path}".lstrip("/"))

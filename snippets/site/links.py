"""The built site's internal links, followed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html as lxml_html

from ..pages import Page

_FOREIGN = re.compile(r"[a-zA-Z][\w+.-]*:|//")  # an address of another site, or of another kind
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
        self.files: set[str] = set()
        self.followed: dict[tuple[str, bytes], list[tuple[str, str | None, str]]] = {}

    def broken(self, site: Path, base: str) -> Iterator[tuple[str, str]]:
        """Each internal link of the built pages that leads nowhere, as (page below `site`, link).

        `base` is the path that the site is served below, for instance `/course/`.
        """
        # Every page links to every other: what is done for each link is done with plain text and sets.
        files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        pages = {name: (site / name).read_bytes() for name in sorted(files) if name.endswith(".html")}
        self.read = {page: self.read.get(page) or Ends.of(page) for page in pages.values()}
        before, self.files = self.followed if files == self.files else {}, files
        self.followed = {
            (name, page): before[name, page] if (name, page) in before else list(self._follow(name, page, base))
            for name, page in pages.items()
        }
        for (name, _), links in self.followed.items():
            for link, target, anchor in links:
                if target is None or (target in pages and anchor not in self.read[pages[target]].ids):
                    yield name, link

    def report(self, site: Path, base: str, sources: dict[str, Page]) -> list[str]:
        """A sentence for each link that leads nowhere, with the place where it is likely written."""
        pages = {f"{page.key}/index.html".removeprefix("index/"): page for page in sources.values()}
        pages |= {name.replace("/index/index.html", "/index.html"): page for name, page in pages.items()}
        found = []
        for html, link in self.broken(site, base):
            where = f"{pages[html].name}:{line_of(pages[html].text, link)}" if html in pages else html
            found.append(f"{where}: the link {link} leads nowhere")
        return found

    def _follow(self, name: str, page: bytes, base: str) -> Iterator[tuple[str, str | None, str]]:
        """The links of a page that lead nowhere or to an anchor: (link, file below the site, anchor)."""
        for link in self.read[page].links:
            if _FOREIGN.match(link):
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


def line_of(text: str, link: str) -> int:
    """The line of a page's Markdown where `link`, as found in its HTML, is likely written; 1 if it is not found."""
    parts = urlsplit(link)
    stem = Path(parts.path.rstrip("/")).stem
    for wanted in (link, f"{stem}.md#{parts.fragment}", f"#{parts.fragment}" if parts.fragment else link, stem):
        for number, line in enumerate(text.split("\n"), 1):
            if wanted and wanted in line and ("](" in line or "]:" in line or "href" in line):
                return number
    return 1

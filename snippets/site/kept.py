"""What `mkdocs serve` keeps from one build to the next: a page that would come out as before is not rendered again."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import CountHandler

from ..run import Result


@dataclass
class Rendered:
    """A page as it was rendered, and all that it came from."""

    markdown: str
    meta: dict[str, Any]
    result: Result
    marks: object
    around: object
    html: str = ""
    aside: list[str] = field(default_factory=list)
    toc: Any = None
    title: str | None = None
    anchors: set[str] | None = None
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    search: list[Any] | None = None


class Kept:
    """The pages of the last build, by their path below docs; of the page at hand, whether it is one of them."""

    def __init__(self, warnings: CountHandler) -> None:
        """`warnings` counts them: a page that warned warns again."""
        self.pages: dict[str, Rendered] = {}
        self.hit = False
        self.warnings = warnings

    def begin(self, config: MkDocsConfig, files: Files, meanings: dict[str, str]) -> None:
        """What else decides how any page comes out: the settings, where links lead, the glossary."""
        settings = Path(config.config_file_path).read_bytes()
        self.around = settings, {file.src_uri: file.url for file in files}, meanings
        self.files = files

    def take(self, page: SitePage, markdown: str, result: Result, marks: object, config: MkDocsConfig) -> str:
        """The Markdown to render: nothing, if the page would come out as before; then `give` has it."""
        self.now = Rendered(markdown, dict(page.meta), result, marks, self.around)
        self.before = self.warnings.get_counts()
        last = self.pages.get(page.file.src_uri)
        new = self.now
        self.hit = bool(
            last
            and last.result is result
            and (last.markdown, last.meta, last.marks, last.around) == (new.markdown, new.meta, new.marks, new.around)
        )
        if not self.hit:
            return markdown
        self.extensions, config.markdown_extensions = config.markdown_extensions, []
        return ""

    def give(self, page: SitePage, html: str, aside: list[str], config: MkDocsConfig) -> tuple[str, list[str]]:
        """The page's HTML and what was set aside of it: as it was rendered now, or as it was kept."""
        source, now = page.file.src_uri, self.now
        if self.hit:
            self.hit, config.markdown_extensions = False, self.extensions
            last = self.pages[source]
            page.markdown, page.toc, page.present_anchor_ids = last.markdown, last.toc, last.anchors
            page.title = last.title
            page.links_to_anchors = {
                file: links for to, links in last.links.items() if (file := self.files.get_file_from_path(to))
            }
            return last.html, last.aside
        self.pages.pop(source, None)
        if not now.result.failure and self.warnings.get_counts() == self.before:
            now.html, now.aside, now.toc, now.title = html, aside, page.toc, page.title
            now.anchors = page.present_anchor_ids
            now.links = {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()}
            self.pages[source] = now
        return html, aside

    def before_search(self, page: SitePage, config: MkDocsConfig) -> None:
        """Have Material's search pass over a page whose entries are kept."""
        self.entries = _entries(config)
        self.count = len(self.entries or ())
        last = self.pages.get(page.file.src_uri)
        self.search = last.search if last and self.entries is not None else None
        self.meta = page.meta
        if self.search is not None:
            page.meta = {**page.meta, "search": {"exclude": True}}

    def after_search(self, page: SitePage) -> None:
        page.meta = self.meta
        if self.entries is None:
            return
        if self.search is not None:
            self.entries += self.search
        elif last := self.pages.get(page.file.src_uri):
            last.search = self.entries[self.count :]


def _entries(config: MkDocsConfig) -> list[Any] | None:
    """The entries of Material's search so far; None where that search is not used, or has no list of this name."""
    index = getattr(config.plugins.get("material/search"), "search_index", None)
    return getattr(index, "entries", None)

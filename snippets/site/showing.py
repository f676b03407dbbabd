"""The pages of one MkDocs build on their way through Markdown and templates."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage

from ..show import Sheet, box, put_back
from .build import Build
from .kept import Kept
from .toolbar import toolbar


class Showing:
    """Gives each page its sheet while it is rendered, and its blocks when it is written."""

    def __init__(self, build: Build, refuse: Callable[[str], None], kept: Kept | None) -> None:
        """`refuse` is told what must not be published; `kept`, in `mkdocs serve`, has the pages of the build before."""
        self.build, self.refuse, self.kept = build, refuse, kept
        self.now: SitePage | None = None
        self.aside: list[str] = []  # the blocks of the page that is rendered now
        self.asides: dict[str, list[str]] = {}
        self.rendered: dict[object, str] = {}

    def markdown(self, page: SitePage, markdown: str, config: MkDocsConfig) -> str:
        """The Markdown to render for a page."""
        source, build = page.file.src_uri, self.build
        self.now = page
        if source in build.errors:
            return f"# {Path(source).stem}\n\n{box('This page cannot be run', str(build.errors[source]))}\n"
        if source not in build.pages:
            return markdown
        markdown = build.filled(build.pages[source], markdown)
        if self.kept is None:
            return markdown
        return self.kept.take(
            page, markdown, build.results[source], (build.marks(source), build.claims(source)), config
        )

    def sheet(self, text: str) -> Sheet | None:
        """The sheet of the page that MkDocs renders now; None if there is nothing of ours on it."""
        assert self.now
        source, build = self.now.file.src_uri, self.build
        if source in build.errors or (self.kept and self.kept.hit):
            return None
        if source not in build.pages:
            message = f"{source}: this page was added after all pages had run; let its plugin stand before snippets"
            raise PluginError(message)
        page, result = build.pages[source], build.results[source]
        # The home page has no line; a page that failed has no other forms to lead to.
        bare = self.now.is_homepage or result.failure
        claims = build.claims(source)
        line = None if bare else toolbar(page, build.course.reference, claims)
        marks = build.marks(source) if self.kept else frozenset()  # for a contributor, not for readers
        return Sheet(page, result, build.meanings, line, self.aside, self.refuse, marks, claims)

    def content(self, page: SitePage, html: str, config: MkDocsConfig) -> str:
        """A page's HTML as it was rendered, or kept."""
        source = page.file.src_uri
        if source in self.build.course.notebooks:
            page.meta["search"] = {"exclude": True}  # the page that it shows is found
        if source in self.build.pages:
            aside, self.aside = self.aside, []
            if self.kept:
                html, aside = self.kept.give(page, html, aside, config)
            self.asides[source] = aside
        return html

    def context(self, page: SitePage, nav: Navigation) -> dict[str, Any]:
        """What the templates want to know of a page."""
        run = self.build.pages.get(page.file.src_uri)
        used = [block.attributes["explore"] for block in run.blocks if "explore" in block.attributes] if run else []
        top = [page, *page.ancestors][-1]
        return {
            "explorables": list(dict.fromkeys(used)),
            "explorables_folder": self.build.course.explorables,
            "place_in_nav": self.tops.get(id(top)),
        }

    def begin(self, nav: Navigation) -> None:
        self.tops = {id(item): place for place, item in enumerate(nav.items)}

    def keep(self, key: object, caller: Callable[[], str]) -> str:
        """What a part of a template rendered the last time in this build, for the same key."""
        if key not in self.rendered:
            self.rendered[key] = caller()
        return self.rendered[key]

    def whole(self, page: SitePage, html: str) -> str:
        """The finished page, with its blocks in their places."""
        source = page.file.src_uri
        try:
            return put_back(html, self.asides.get(source, []))
        except LookupError as error:
            run = self.build.pages[source]
            line = run.blocks[error.args[0]].line
            self.refuse(f"{run.name}:{line}: this block did not come out on the finished page")
            return html


def texts(files: Files, drafts: bool) -> Iterator[tuple[str, str | UnicodeDecodeError]]:
    """Path and Markdown of each page that will be shown, whether it is a file or another plugin made it."""
    for file in files:
        if (
            file.is_documentation_page()
            and file.src_uri.endswith(".md")
            and (drafts or not file.inclusion.is_excluded())
        ):
            try:
                yield file.src_uri, file.content_string
            except UnicodeDecodeError as error:
                yield file.src_uri, error

"""What the menu names and leaves out, and where pages lie: we say what is wrong with both, and MkDocs does not."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation

from ..pages import Course
from ..pages.course import SETTINGS
from .lost import Ground
from .near import nearest


class Menu:
    """The menu of one build, and what it says of where links may lead."""

    def __init__(self, config: MkDocsConfig) -> None:
        checks = config.validation
        base = urlsplit(config.site_url or "/").path or "/"
        self.ground = Ground(base, rooted=checks.links.absolute_links < 0)
        self.may_leave_out = checks.nav.omitted_files <= logging.DEBUG
        self.settings = Path(config.config_file_path) if config.config_file_path else None
        # MkDocs would warn of the same, page by page; our words name the line and see the finished site.
        checks.nav.omitted_files = checks.nav.not_found = logging.DEBUG
        for kind, level in checks.links.items():
            checks.links[kind] = min(level, logging.DEBUG)

    @property
    def urls(self) -> Mapping[str, str]:
        return self.ground.urls

    def mistakes(self, nav: Navigation, files: Files, course: Course, drafts: bool) -> Iterator[str]:
        """A sentence for each page that is in the menu only, or in docs only; `drafts` count as pages."""
        shown = [file for file in files if drafts or not file.inclusion.is_excluded()]
        pages = [file.src_uri for file in shown if file.is_documentation_page()]
        text = self.settings.read_text(encoding="utf-8") if self.settings else ""
        gone = dict.fromkeys(_files(nav.items))
        self.ground = replace(
            self.ground, urls={file.src_uri: file.url for file in shown}, gone=gone, moved=course.moved
        )
        meant: set[str] = set()
        for name in gone:
            near = course.moved.get(name) or nearest("", name, pages)
            meant.add(near)
            advice = f"; did you mean {near}?" if near else "; take the line out, or write the page"
            yield f"{SETTINGS}:{_line(text, name)}: `nav` names {name}, which is not in {course.docs.name}{advice}"
        named = meant | {page.file.src_uri for page in nav.pages}
        for file in () if self.may_leave_out else shown:
            if file.is_documentation_page() and file.inclusion.is_in_nav() and file.src_uri not in named:
                advice = "add it there, or to `not_in_nav` if only links are to lead to it"
                yield f"{course.name(file.src_uri)}:1: this page is not in `nav` of {SETTINGS}: {advice}"


def _files(items: Any) -> Iterator[str]:
    """What the menu names that is no page and no address of another site."""
    for item in items:
        if item.is_link and not any(urlsplit(item.url)[:2]) and not item.url.startswith("/"):
            yield item.url
        yield from _files(item.children or ())


def _line(text: str, name: str) -> int:
    nav = re.search(r"^nav:", text, re.M)
    found = re.compile(rf"(?<![\w./-]){re.escape(name)}(?![\w./-])").search(text, nav.start() if nav else 0)
    return text.count("\n", 0, found.start()) + 1 if found else 1

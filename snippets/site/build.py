"""A build of the site: its pages, and what each gave, from the store where it has it, the rest by running it."""

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..pages import Course, Page, PageError
from ..pages.page import not_utf8
from ..run import Result, Runner, Store, results_of
from ..show import Claims, Site, no_notebook, notebook, runs_of
from . import glossary, moved, tally
from .held import Held

log = logging.getLogger("mkdocs.plugins.snippets")


class Build:
    """What one build knows of its pages, each by its path below docs."""

    def __init__(self, course: Course, memory: dict[Path, Result], last: "Build | None" = None) -> None:
        """`memory` has the results that earlier builds of the same process read or made, `last` is the one before."""
        self.course = course
        self.store = Store(course.root / course.store, memory)
        self.read_before = last.pages if last and last.course == course else {}
        self.pages: dict[str, Page] = {}
        self.results: dict[str, Result] = {}
        self.errors: dict[str, PageError] = {}
        self.meanings: dict[str, str] = {}
        self.ran_now: set[str] = set()
        self.held: Held = Held(course, last.held if last else None)

    def read(self, texts: Iterable[tuple[str, str | UnicodeDecodeError]]) -> None:
        """Find the blocks of all pages, given as (path, Markdown)."""
        for source, text in texts:
            try:
                if isinstance(text, UnicodeDecodeError):
                    raise not_utf8(self.course.name(source), text)
                text, known = text.replace("\r\n", "\n"), self.read_before.get(source)
                same = known and known.text == text and not known.leans_on_files
                self.pages[source] = known if known and same else Page.parse(source, text, self.course)
            except PageError as error:
                self.errors[source] = error
        if self.course.glossary in self.pages:
            self.meanings = glossary.definitions(self.pages[self.course.glossary])

    def run(self, runner: Runner | None, stays: bool) -> Runner | None:
        """Fill `results` for all pages; with `runner`, or a new one if any page has to run, which is given back.

        `stays` says that there will be more builds.
        """
        used = runner

        def runner_for(missing: list[Page]) -> Runner:
            nonlocal used
            used = used or Runner(self.course, self.pages.values() if stays else missing, stays)
            used.course = self.course
            self.ran_now = {page.source for page in missing}
            return used

        self.results = results_of(self.pages.values(), self.store, runner_for, log.info)
        return used

    def ran(self) -> dict[str, tuple[Page, Result]]:
        """The pages that ran to their end, and what they gave."""
        return {source: (self.pages[source], result) for source, result in self.results.items() if not result.failure}

    def failures(self) -> list[str]:
        """A report for each page that cannot be read, is not there, or did not run to its end."""
        missing = [one for one in self.course.notebooks.items() if one[1] not in self.pages | self.errors]
        failed = [(source, result.failure) for source, result in self.results.items() if result.failure]
        return [
            *map(str, self.errors.values()),
            *(
                f"mkdocs.yml: the notebook {target} shows {source}, and there is no such page"
                for target, source in missing
            ),
            *moved.wrong(self.course, self.pages | self.errors),
            *(failure.describe(self.pages[source].name) for source, failure in failed if failure),
        ]

    def differences(self) -> list[str]:
        """A sentence for each block that gives something else than its record has."""
        whole = [(self.pages[source], result) for source, result in self.results.items() if not result.failure]
        return [message for page, result in whole for message in self.held.told(page, result)]

    def marks(self, source: str) -> frozenset[int]:
        """The blocks of a page whose outputs differ from the record, by index."""
        return frozenset(self.held.differing(self.pages[source], self.results[source]))

    def claims(self, source: str) -> Claims:
        """What the claims of a page were seen to come to under other seeds, by the block's index."""
        return self.held.claimed.by_block(self.pages[source])

    def source(self, source: str) -> str | None:
        """A page's Markdown as it ran, also if the page was saved meanwhile: `mkdocs serve` sees that, and builds again."""
        if source in self.errors:
            return ""  # MkDocs may not be able to read it either
        return self.pages[source].text if source in self.pages else None

    def saved_since(self) -> list[str]:
        """The pages that are not, in their files, what was read of them."""
        files = [(page, self.course.docs / source) for source, page in self.pages.items()]
        return [
            page.name for page, file in files if file.is_file() and file.read_text("utf-8-sig", "replace") != page.text
        ]

    def write_report(self, path: Path) -> None:
        """Write what ran and how it went, as JSON for programs: of each page with code its status, seconds and versions."""
        pages = [
            {
                "page": self.pages[source].name,
                "status": "failed" if result.failure else "ran" if source in self.ran_now else "as before",
                "blocks": sum(block.runs for block in self.pages[source].blocks),
                "seconds": result.seconds,
                "made": result.made,
                "versions": result.versions,
                "failure": result.failure.describe(self.pages[source].name) if result.failure else None,
                "claims": len(runs_of(self.claims(source))),
                "differs": [self.pages[source].blocks[index].line for index in sorted(self.marks(source))],
            }
            for source, result in self.results.items()
            if self.pages[source].blocks
        ]
        unread = [
            {"page": self.course.name(source), "status": "failed", "failure": str(e)}
            for source, e in self.errors.items()
        ]
        with suppress(OSError):  # as with the store: where nothing can be kept, nothing is
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"pages": pages + unread}, indent=1) + "\n", encoding="utf-8", newline="\n")

    def filled(self, page: Page, text: str) -> str:
        """A part of the page's Markdown, with the build's own figures where it asks for them."""
        if page.source not in self.course.counted:
            return text
        pages = [(other, self.results.get(source), self.claims(source)) for source, other in self.pages.items()]
        return tally.fill(text, page, pages)


def write_notebooks(course: Course, ran: dict[str, tuple[Page, Result]], site: Site) -> None:
    """Write each notebook that is a page of its own into the site's folder; it says so if its page did not run to its end."""
    for target, source in course.notebooks.items():
        path = site.folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        here = replace(site, address="../" * len(Path(target).parts))
        text = notebook(*ran[source], here, finished=True) if source in ran else no_notebook(source)
        path.write_text(text, encoding="utf-8", newline="\n")

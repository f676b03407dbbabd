"""A build of the site: its pages, and what each gave, from the store where it has it, the rest by running it."""

import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..pages import Course, Page, PageError
from ..pages.page import not_utf8
from ..run import Result, Runner, Store
from ..show import Site, no_notebook, notebook
from . import glossary, tally

NOTHING = Result(())  # of a page without blocks

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

    def run(self, runner: Runner | None) -> Runner | None:
        """Fill `results` for all pages; with `runner`, or a new one if any page has to run, which is given back."""
        store = self.store
        for source, page in self.pages.items():
            if result := store.get(page) if page.blocks else NOTHING:
                self.results[source] = result
        missing = [page for source, page in self.pages.items() if source not in self.results]
        if not missing:
            return runner
        runner = runner or Runner(self.course, self.pages.values())
        runner.course = self.course
        started = time.monotonic()
        kept = sum(bool(result.outputs) for result in self.results.values())
        log.info("Running the code of %d page%s; %d as before", len(missing), "s" * (len(missing) != 1), kept)
        count = 0

        def done(page: Page, result: Result) -> None:
            nonlocal count
            count += 1
            store.put(page, result)
            self.results[page.source] = result
            failed = "  FAILED" * bool(result.failure)
            log.info("  %d/%d  %5.1f s  %s%s", count, len(missing), result.seconds, page.name, failed)

        runner.run_all(missing, done)
        store.prune()
        log.info("Ran it in %.1f s", time.monotonic() - started)
        return runner

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
            *(failure.describe(self.pages[source].name) for source, failure in failed if failure),
        ]

    def filled(self, page: Page, text: str) -> str:
        """A part of the page's Markdown, with the build's own figures where it asks for them."""
        if page.source not in self.course.counted:
            return text
        return tally.fill(text, [(other, self.results.get(source)) for source, other in self.pages.items()])


def write_notebooks(course: Course, ran: dict[str, tuple[Page, Result]], site: Site) -> None:
    """Write each notebook that is a page of its own into the site's folder; it says so if its page did not run to its end."""
    for target, source in course.notebooks.items():
        path = site.folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        here = replace(site, address="../" * len(Path(target).parts))
        text = notebook(*ran[source], here, finished=True) if source in ran else no_notebook(source)
        path.write_text(text, encoding="utf-8", newline="\n")

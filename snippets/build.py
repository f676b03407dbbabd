"""A build of the site: its pages, and what each gave, from the store where it has it, the rest by running it."""

import logging
import time
from pathlib import Path

from mkdocs.structure.files import Files
from mkdocs.utils import CountHandler

from .fence import Fences
from .output import Result
from .page import Page, PageError
from .runner import Runner
from .store import Store

log = logging.getLogger("mkdocs.plugins.snippets")


class Build:
    """What one build knows, by a page's source below docs; what the class holds lives on in `mkdocs serve`."""

    serving = False
    runner: Runner | None = None
    fences = Fences()
    site_dir: Path
    staged: Path | None = None

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.results: dict[str, Result] = {}
        self.order: list[str] = []
        self.meanings: dict[str, str] = {}
        self.errors: dict[str, PageError] = {}
        self.aside: dict[str, list[str]] = {}
        self.warnings = CountHandler(level=logging.WARNING)

    def read(self, files: Files, docs: Path) -> None:
        """Find the blocks of all pages below the folder `docs`."""
        for file in files.documentation_pages():
            if not file.abs_src_path:
                continue
            try:
                self.pages[file.src_uri] = Page.read(Path(file.abs_src_path), docs)
            except PageError as error:
                self.errors[file.src_uri] = error

    def run(self, store: Store, seconds: float, memory: int) -> None:
        """Fill `results` for all pages but labs, which run as they are rendered."""
        sources = {page.name: src for src, page in self.pages.items() if not page.is_lab}
        for src in sources.values():
            result = store.get(self.pages[src]) if self.pages[src].blocks else Result(())
            if result:
                self.results[src] = result
        missing = [self.pages[src] for src in sources.values() if src not in self.results]
        if not missing:
            return
        if Build.runner is None:
            Build.runner = Runner(seconds, memory, self.pages.values())
        started = time.monotonic()
        kept = sum(bool(result.outputs) for result in self.results.values())
        log.info("Running the code of %d page%s; %d as before", len(missing), "s" * (len(missing) != 1), kept)
        count = 0

        def done(page: Page, result: Result) -> None:
            nonlocal count
            count += 1
            store.put(page, result)
            self.results[sources[page.name]] = result
            failed = "  FAILED" * bool(result.failure)
            log.info("  %d/%d  %5.1f s  %s%s", count, len(missing), result.seconds, page.name, failed)

        Build.runner.run_all(missing, done)
        store.prune()
        log.info("Ran it in %.1f s", time.monotonic() - started)

    def failures(self) -> list[str]:
        """A report for each page that cannot be read or did not run to its end."""
        failed = [(src, result.failure) for src, result in self.results.items() if result.failure]
        return [
            *map(str, self.errors.values()),
            *(failure.describe(self.pages[src].name) for src, failure in failed),
        ]

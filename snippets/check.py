"""The check: holds each block's output against the record of its page."""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from . import record
from .output import Result
from .page import Page
from .runner import MEMORY, SECONDS, Runner

DOCS = "docs"


class CheckError(Exception):
    """A block or page that does not hold; its text is the whole report."""


class FollowOnError(CheckError):
    """A block that cannot hold because of what another item reports: the block whose fence opens at `cause`, 0 the page."""

    def __init__(self, message: str, cause: int) -> None:
        super().__init__(message)
        self.cause = cause


class Check:
    """What one pytest session knows: its pages, and the future result of each."""

    def __init__(self, root: Path, update: bool) -> None:
        """`root` is the project's folder; `update` accepts new outputs."""
        self.root, self.update = root, update
        self.pages: dict[Path, Page] = {}
        self.results: dict[Path, Future[Result]] = {}

    @cached_property
    def pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.runner.at_once)

    @cached_property
    def runner(self) -> Runner:
        return Runner(SECONDS, MEMORY, self.pages.values())

    @cached_property
    def other_runner(self) -> Runner:
        """Runs a page where a second fresh Python would differ from the first: other hash seed, other addresses."""
        return Runner(SECONDS, MEMORY, method="spawn")

    def page(self, path: Path) -> Page:
        if path not in self.pages:
            self.pages[path] = Page.read(path, self.root / DOCS)
        return self.pages[path]

    def record_path(self, page: Page) -> Path:
        return self.root / record.FOLDER / f"{page.key}.txt"

    def start(self, path: Path) -> Future[Result]:
        """Run the page if it has not been started; every page runs once."""
        if path not in self.results:
            self.results[path] = self.pool.submit(self._run, self.page(path))
        return self.results[path]

    def _run(self, page: Page) -> Result:
        result = self.runner.run(page)
        if self.update and not result.failure:
            self._update(page, result)
        return result

    def _update(self, page: Page, result: Result) -> None:
        """Record the page if it gives the same twice."""
        again = self.other_runner.run(page)
        if again.failure:
            raise CheckError("the second run failed:\n" + again.failure.describe(page.name))
        for block, first, second in zip(page.blocks, result.outputs, again.outputs, strict=True):
            one, two = record.in_words(first), record.in_words(second)
            if one != two:
                raise CheckError(
                    f"{page.name}:{block.line}: not recorded, since two runs differ (no seed set? an address, a "
                    f"time or a temporary path printed?)\n\n{record.diff(one, two, 'first run', 'second run')}"
                )
        path = self.record_path(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record.write(page, result.outputs), encoding="utf-8")

    def hold(self, path: Path, line: int) -> None:
        """Raises CheckError unless the block whose fence opens at `line` runs and gives what is recorded."""
        page = self.page(path)
        index = next((n for n, block in enumerate(page.blocks) if block.fence == line), None)
        if index is None:
            raise CheckError(
                f"{page.name}:{line}: pytest-markdown-docs sees a block here that the page's parser does not"
            )
        result = self.start(path).result()
        block, failure = page.blocks[index], result.failure
        if failure and index == len(result.outputs):
            raise CheckError(failure.describe(page.name))
        if failure and index > len(result.outputs):
            cause = page.blocks[len(result.outputs)].fence
            raise FollowOnError(
                f"{page.name}:{block.line}: not run, because the block at line {failure.line} failed", cause
            )
        recorded = self.recorded(page).get(index + 1, "")
        if diff := record.difference(recorded, record.in_words(result.outputs[index])):
            raise CheckError(
                f"{page.name}:{block.line}: the output differs from the record\n\n{diff}\n\n"
                "If the new output is right, accept it with: python -m pytest --update-outputs " + page.name
            )

    def hold_page(self, path: Path) -> None:
        """Raises CheckError if the page has no record, or one that speaks of blocks the page does not have."""
        page = self.page(path)
        if not page.blocks:
            return
        self.start(path).result()
        extra = [number for number in self.recorded(page) if number > len(page.blocks)]
        if extra:
            raise CheckError(
                f"{record.FOLDER}/{page.key}.txt has outputs of blocks that {page.name} does not have: {extra}"
            )

    def recorded(self, page: Page) -> dict[int, str]:
        """The recorded output of each block, by its number; raises FollowOnError if there is no record, which the page's own item reports."""
        path = self.record_path(page)
        if not path.is_file():
            raise FollowOnError(
                f"{page.name} has no record {path.relative_to(self.root)}: write it with python -m pytest --update-outputs {page.name}",
                0,
            )
        return record.read(path.read_text(encoding="utf-8"))

"""The check: holds each block's output against the record of its page."""

from collections.abc import Container
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from ..pages import Block, Course, Page, PageError
from ..run import Result, Runner
from . import record

ALONE = "copied into a Python just started, without the hidden blocks, "


class CheckError(Exception):
    """A block or page that does not hold; its text is the whole report."""


class FollowOnError(CheckError):
    """A block that cannot hold because of what another item reports: the block whose fence opens at `cause`, 0 the page."""

    def __init__(self, message: str, cause: int) -> None:
        super().__init__(message)
        self.cause = cause


class Check:
    """What one session knows: its pages, and the future results of each.

    A page runs twice: as the site runs it, and as a reader would who copies what is shown. Both must give the record.
    """

    def __init__(self, course: Course, update: bool = False, once: bool = False) -> None:
        """`update` accepts new outputs; `once` leaves the second run out."""
        self.course, self.update, self.once = course, update, once
        self.pages: dict[Path, Page] = {}
        self.runs: dict[Path, tuple[Future[Result], Future[Result]]] = {}

    @cached_property
    def pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.runner.at_once)

    @cached_property
    def runner(self) -> Runner:
        return Runner(self.course, self.pages.values())

    def page(self, path: Path) -> Page:
        if path not in self.pages:
            try:
                self.pages[path] = Page.read(path, self.course)
            except PageError as error:
                raise CheckError(str(error)) from None
        return self.pages[path]

    def record_path(self, page: Page) -> Path:
        return self.course.root / self.course.records / f"{page.key}.txt"

    def start(self, path: Path) -> None:
        """Have the page run if it has not been started."""
        page = self.page(path)
        if path not in self.runs and page.blocks:
            site = self.pool.submit(self.runner.run, page)
            self.runs[path] = site, site if self.once else self.pool.submit(self.runner.run, page, plain=True)

    def results(self, path: Path) -> tuple[Result, Result]:
        """What the page gave as the site runs it, and to a reader; the same twice if it runs once."""
        self.start(path)
        site, reader = self.runs[path]
        return site.result(), reader.result()

    def stop(self) -> None:
        if self.runs:
            self.runner.stopping.set()
            self.pool.shutdown(cancel_futures=True)

    def accept(self, path: Path) -> bool:
        """Record the page if both runs give the same, and say whether that changed the record; raises CheckError."""
        page = self.page(path)
        if not page.blocks:
            return False
        site, reader = self.results(path)
        for result, where in ((site, ""), (reader, f"The page, {ALONE}fails:\n\n")):
            if result.failure:
                raise CheckError(where + result.failure.describe(page.name))
        for block, first, second in zip(page.blocks, site.outputs, reader.outputs, strict=True):
            one, two = record.in_words(first), record.in_words(second)
            if one != two and not block.hidden:
                raise CheckError(
                    f"{page.name}:{block.line}: not recorded, since two runs differ (no seed set? an address, a "
                    "time or a temporary path printed? does it need what only a hidden block does?)\n\n"
                    + record.diff(one, two, "on the site", "for a reader")
                )
        file, text = self.record_path(page), record.write(page, site.outputs)
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        return True

    def hold(self, path: Path, line: int) -> None:
        """Raises CheckError unless the block whose fence opens at `line` runs and gives what is recorded."""
        page = self.page(path)
        index = next(n for n, block in enumerate(page.blocks) if block.fence == line)
        block = page.blocks[index]
        site, reader = self.results(path)
        self._hold(page, index, site, "")
        if reader is not site and not block.hidden:
            self._hold(page, index, reader, ALONE)

    def _hold(self, page: Page, index: int, result: Result, how: str) -> None:
        block, failure = page.blocks[index], result.failure
        if failure and index == len(result.outputs):
            raise CheckError(f"The page, {how}fails:\n\n" * bool(how) + failure.describe(page.name))
        if failure and index > len(result.outputs):
            cause = page.blocks[len(result.outputs)].fence
            raise FollowOnError(
                f"{page.name}:{block.line}: not run, because the block at line {failure.line} failed", cause
            )
        recorded = self.recorded(page).get(index + 1, "")
        if diff := record.difference(recorded, record.in_words(result.outputs[index])):
            raise CheckError(
                f"{page.name}:{block.line}: {how}the output differs from the record\n\n{diff}\n\n"
                "If the new output is right, accept it with: python -m pytest --update-outputs " + page.name
            )

    def hold_page(self, path: Path, held: Container[int]) -> None:
        """Raises CheckError unless each block that runs holds, here if its fence's line is not among those `held` elsewhere.

        So does a record that is missing, or that speaks of blocks the page does not have.
        """
        page = self.page(path)
        if not page.blocks:
            return
        for block in page.blocks:
            if block.runs and block.fence not in held:
                self.hold(path, block.fence)
        extra = [number for number in self.recorded(page) if number > len(page.blocks)]
        if extra:
            raise CheckError(
                f"{self.course.records}/{page.key}.txt has outputs of blocks that {page.name} does not have: {extra}"
            )

    def recorded(self, page: Page) -> dict[int, str]:
        """The recorded output of each block, by its number; raises FollowOnError if there is no record, which the page's own item reports."""
        path = self.record_path(page)
        if not path.is_file():
            raise FollowOnError(
                f"{page.name} has no record {self.course.records}/{page.key}.txt: "
                f"write it with python -m pytest --update-outputs {page.name}",
                0,
            )
        return record.read(path.read_text(encoding="utf-8"))

    def blocks(self, path: Path) -> list[tuple[int, Block]]:
        """The page's blocks that run, with their numbers, counted from 1; none if the page cannot be read."""
        try:
            return [(number, block) for number, block in enumerate(self.page(path).blocks, 1) if block.runs]
        except CheckError:  # the page's own item says so
            return []

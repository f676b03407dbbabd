"""The check: holds each block's output against the record of its page."""

import os
from collections.abc import Container
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from ..pages import Block, Course, Page, PageError
from ..run import Result, Runner, Store
from ..run.process import PROCESSOR
from . import record
from .claims import Claims
from .errors import CheckError, FollowOnError
from .records import Records

ALONE = "copied into a Python of its own, without the hidden blocks, "


class Check:
    """What one session knows: its pages, and the future results of each.

    A page runs twice: as the site runs it, and as a reader would who copies what is shown. Both must give the record.
    What they gave is kept, so that the site need not run them again, and accepting neither.
    """

    def __init__(self, course: Course, update: bool = False, once: bool = False, seeds: int = 3) -> None:
        """`update` accepts new outputs; `once` leaves the second run out; claims have to hold under so many other `seeds`."""
        self.course, self.update, self.once = course, update, once
        self.claims = Claims(self, seeds)
        self.store = Store(course.root / course.store)
        self.records = Records(course)
        self.pages: dict[Path, Page] = {}
        self.runs: dict[Path, tuple[Future[Result], Future[Result]]] = {}
        self.recorded: dict[Path, bool] = {}  # of each page that was accepted, whether that changed its record
        self.refused: dict[Path, int] = {}  # of each that was not, the line of its cause

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

    def start(self, path: Path) -> None:
        """Have the page run if it has not been started."""
        page = self.page(path)
        if path not in self.runs and page.blocks:
            site = self.pool.submit(self._run, page, plain=False)
            self.runs[path] = site, site if self.once else self.pool.submit(self._run, page, plain=True)
            if self.update and self.claims.record.mistake(page):
                self.claims.start(path)

    def _run(self, page: Page, plain: bool) -> Result:
        if self.update and (kept := self.store.get(page, plain)):
            return kept
        # Where many pages are checked, a reader's Python is forked from one that has imported PyTorch; but what will be
        # recorded, or was seen to differ, has to come from one that has imported nothing.
        fresh = plain and (self.update or self.runner.anew)
        result = self.runner.run(page, plain, fresh)
        if plain and not fresh and not self._agrees(page, result):
            result, fresh = self.runner.run(page, plain, fresh=True), True
        if fresh or not plain:
            self.store.put(page, result, plain)
        return result

    def _agrees(self, page: Page, result: Result) -> bool:
        if result.failure or not self.records.has(page):
            return False
        return all(page.blocks[index].hidden for index in self.records.differing(page, result))

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
        self.refused[path] = 0
        if set_to_play := [f"{name}={os.environ[name]}" for name in PROCESSOR if name in os.environ]:
            raise CheckError(
                f"{page.name}: not recorded under {' '.join(set_to_play)}: the record has what an ordinary run gives; "
                "where this one gives something else, print fewer digits, or hold it with a check"
            )
        if page.blocks:
            site, reader = self.results(path)
            for result, where in ((site, ""), (reader, f"The page, {ALONE}fails:\n\n")):
                if result.failure:
                    self.refused[path] = page.blocks[len(result.outputs)].line
                    raise CheckError(where + result.failure.describe(page.name))
            for block, first, second in zip(page.blocks, site.outputs, reader.outputs, strict=True):
                one, two = record.in_words(first), record.in_words(second)
                if one != two and not block.hidden:
                    raise CheckError(
                        f"{page.name}:{block.line}: not recorded, since two runs differ (no seed set? a time printed? "
                        "does it need what only a hidden block does?)\n\n"
                        + record.diff(one, two, "on the site", "for a reader")
                    )
        claimed = self.claims.accept(path)
        del self.refused[path]
        self.recorded[path] = bool(page.blocks) and (self.records.write(page, site.outputs) | claimed)
        return self.recorded[path]

    def hold(self, path: Path, line: int) -> None:
        """Raises CheckError unless the block that begins at `line` runs and gives what is recorded."""
        page = self.page(path)
        index = next(n for n, block in enumerate(page.blocks) if block.line == line)
        if self.refused.get(path, line) != line:
            raise FollowOnError(f"{page.name}:{line}: not held, since the page was not recorded", self.refused[path])
        site, reader = self.results(path)
        self._hold(page, index, site, "")
        if reader is not site and not page.blocks[index].hidden:
            self._hold(page, index, reader, ALONE)

    def _hold(self, page: Page, index: int, result: Result, how: str) -> None:
        block, failure = page.blocks[index], result.failure
        if failure and index == len(result.outputs):
            raise CheckError(f"The page, {how}fails:\n\n" * bool(how) + failure.describe(page.name))
        if failure and index > len(result.outputs):
            cause = page.blocks[len(result.outputs)].line
            raise FollowOnError(
                f"{page.name}:{block.line}: not run, because the block at line {failure.line} failed", cause
            )
        expected = self.expected(page)[0].get(index, "")
        if diff := record.difference(expected, record.in_words(result.outputs[index])):
            raise CheckError(
                f"{page.name}:{block.line}: {how}the output differs from the record\n\n{diff}\n\n" + self._advice(page)
            )

    def _advice(self, page: Page) -> str:
        if any(name in os.environ for name in PROCESSOR):
            return "Here a run plays another processor: print fewer digits, or hold the number with a check."
        return f"If the new output is right, accept it with: {self.records.command(page)}"

    def hold_page(self, path: Path, held: Container[int]) -> None:
        """Raises CheckError unless each block that runs holds, here if its line is not among those `held` elsewhere.

        So does a record that is missing, or that speaks of blocks the page does not have.
        """
        page = self.page(path)
        if not page.blocks:
            return
        for block in page.blocks:
            if block.runs and block.line not in held:
                self.hold(path, block.line)
        if mistake := self.claims.record.mistake(page):
            raise CheckError(mistake)
        if gone := self.expected(page)[1]:
            raise CheckError(
                f"{self.records.name(page)} has outputs of blocks that {page.name} does not have: "
                f"{', '.join(gone)}\n\nIf they went on purpose, take them out with: {self.records.command(page)}"
            )

    def expected(self, page: Page) -> tuple[dict[int, str], list[str]]:
        """As `Records.expected`; raises FollowOnError if there is no record, which the page's own item reports."""
        if not self.records.has(page):
            advice = f"write it with: {self.records.command(page)}"
            raise FollowOnError(f"{page.name} has no record {self.records.name(page)}; {advice}", 0)
        return self.records.expected(page)

    def blocks(self, path: Path) -> list[tuple[int, Block]]:
        """The page's blocks that run, with their numbers, counted from 1; none if the page cannot be read."""
        try:
            return [(number, block) for number, block in enumerate(self.page(path).blocks, 1) if block.runs]
        except CheckError:  # the page's own item says so
            return []

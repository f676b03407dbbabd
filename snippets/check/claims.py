"""Claims under other seeds: a page runs again with every seed it sets moved, and each claim must hold each time."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from ..pages import Page, Word, sets_seed
from ..run import Kind, Result
from ..run.seeds import STEP
from . import record
from .claimed import Claim, Claimed, said
from .errors import CheckError, FollowOnError

if TYPE_CHECKING:
    from .check import Check


class Claims:
    """The claims of a session's pages; runs are kept, so that a page which has not changed does not run again."""

    def __init__(self, check: "Check", count: int) -> None:
        self.check, self.shifts = check, [0, *(STEP * number for number in range(1, count + 1))]
        self.record = Claimed(check.course)
        self.runs: dict[Path, dict[int, Future[Result]]] = {}

    @staticmethod
    def concern(page: Page) -> bool:
        """Whether other seeds may change what the page says."""
        return page.claims_something or any(block.runs and sets_seed(block.code) for block in page.blocks)

    def start(self, path: Path) -> None:
        page = self.check.page(path)
        if path not in self.runs:
            runs = {shift: self.check.pool.submit(self._run, page, shift) for shift in self.shifts[1:]}
            as_written = self.check.runs.get(path) or [self.check.pool.submit(self._run, page, 0)]
            self.runs[path] = {0: as_written[0], **runs}

    def _run(self, page: Page, shift: int) -> Result:
        store = self.check.store
        if (result := store.get(page, shift=shift)) is None:
            result = self.check.runner.run(page, shift=shift)
            store.put(page, result, shift=shift)
        return result

    def of(self, path: Path) -> list[Claim]:
        """The page's claims in order; raises FollowOnError if the page fails under any of the seeds."""
        self.start(path)
        page, results = self.check.page(path), {shift: run.result() for shift, run in self.runs[path].items()}
        for shift, result in results.items():
            if result.failure:
                raise FollowOnError(result.failure.describe(page.name, f" ({said(shift)})" * bool(shift)), 0)
        return list(_claims(page, results))

    def lines(self, path: Path) -> list[tuple[int, str]]:
        """Line and wording of each claim, before anything runs."""
        try:
            page = self.check.page(path)
        except CheckError:
            return []
        return [(claim.line, claim.wording) for claim in _claims(page, {})]

    def hold(self, path: Path, number: int) -> None:
        """Raises CheckError unless the claim holds in every run, and is not the same whatever the seeds."""
        claim, page = self.of(path)[number], self.check.page(path)
        place = f"{page.name}:{claim.line}: "
        if claim.fails:
            raise CheckError(
                f"{place}this claim fails in {len(claim.fails)} of {len(self.shifts)} runs: "
                f"{claim.wording}\n\n{claim.table()}\n\n"
                "Say what holds in all of them, or say in the text that it is so here."
            )
        if not claim.moves:
            raise CheckError(
                f"{place}this claim compares the same values whatever the seeds: {claim.wording}\n\n{claim.table()}\n\n"
                "Either its seed is set in a way that is not moved, or it needs none, and is a check; or compare something "
                "that the seeds do move, such as the loss where an accuracy is 1."
            )

    def hold_page(self, path: Path) -> None:
        """Raises CheckError if the page sets a seed to no effect, or its record is older than its blocks."""
        page, claims = self.check.page(path), self.of(path)
        if not any(claim.moves for claim in claims) and not self._shows_seeds(path, page):
            line = next(b.line for b in page.blocks if b.runs and (b.word == Word.CLAIM or sets_seed(b.code)))
            raise CheckError(
                f"{page.name}:{line}: the page sets a seed, and nothing on it is otherwise under another: "
                "either it is set in a way that is not moved, or nothing depends on it"
            )
        if claims and self.check.update and not any(claim.fails for claim in claims):
            self.record.write(page, claims)
        elif mistake := self.record.mistake(page):
            raise CheckError(mistake)

    def accept(self, path: Path) -> bool:
        """Record the page's claims if their record is older than its blocks, and say whether it was; raises CheckError."""
        page = self.check.page(path)
        if not page.claims_something or not self.record.mistake(page):
            return False
        claims = self.of(path)
        for number in range(len(claims)):
            self.hold(path, number)
        return self.record.write(page, claims)

    def _shows_seeds(self, path: Path, page: Page) -> bool:
        """Whether any output that readers see, or any number in a figure, is another under other seeds."""
        shown = [
            [
                record.in_words(output)
                for block, output in zip(page.blocks, run.result().outputs, strict=True)
                if not block.hidden
            ]
            for run in self.runs[path].values()
        ]
        return any(one != shown[0] for one in shown)


def _claims(page: Page, results: dict[int, Result]) -> Iterator[Claim]:
    for index, block in enumerate(page.blocks):
        for number, (line, wording) in enumerate(block.claims):
            parts = {shift: result.outputs[index][number] for shift, result in results.items()}
            came_to = {shift: (part.kind == Kind.CLAIM, part.words) for shift, part in parts.items()}
            yield Claim(block.line + line - 1, wording, came_to)

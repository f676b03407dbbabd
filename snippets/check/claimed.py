"""The record of claims: what each compared under which seeds, as text, and whether the page is still the one that ran."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ..pages import Course, Page
from .records import Folder

Runs = dict[str, str]  # what a claim compared, by the name of the run


@dataclass(frozen=True)
class Claim:
    """One assertion, and for each run of its page, by how far the seeds were moved, whether it held and what it compared."""

    line: int
    wording: str
    came_to: dict[int, tuple[bool, str]]

    @property
    def fails(self) -> list[int]:
        return [shift for shift, (holds, _) in self.came_to.items() if not holds]

    @property
    def moves(self) -> bool:
        """Whether the seeds make any difference to it."""
        return len({words for _, words in self.came_to.values()}) > 1

    def table(self) -> str:
        """A line for each run: how far the seeds were moved, and what was compared."""
        lines = [(said(shift), words, "" if holds else "   fails") for shift, (holds, words) in self.came_to.items()]
        return "\n".join(f"    {name:<12} {words}{fails}" for name, words, fails in lines)


def said(shift: int) -> str:
    """How a run is named: by what was added to each seed."""
    return f"seeds +{shift}" if shift else "as written"


class Claimed(Folder):
    """The records of the claims of a course; what the site says of claims comes from here."""

    def __init__(self, course: Course) -> None:
        super().__init__(course, course.claims)

    def mistake(self, page: Page) -> str:
        """What is wrong with the page's record; empty if nothing is."""
        has = self.has(page)
        if not page.claims_something:
            return f"{self.name(page)}: {page.name} has no claims; remove the record" if has else ""
        if has and self.runs(page):
            return ""
        since = "since its blocks changed, its claims were" if has else "its claims were"
        return f"{page.name}: {since} not held under other seeds; do it with: {self.command(page)}"

    def runs(self, page: Page) -> list[tuple[str, Runs]]:
        """Wording and runs of each claim of the page; none if its blocks have changed since."""
        try:
            _, blocks, *lines = self.path(page).read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError):
            return []
        found: list[tuple[str, Runs]] = []
        for line in lines if blocks == _blocks(page) else ():
            if line.startswith("    ") and found:
                name, _, words = line.strip().partition(": ")
                found[-1][1][name] = words
            elif line:
                found.append((line, {}))
        return found

    def by_block(self, page: Page) -> dict[int, list[tuple[str, Runs]]]:
        """The same, by the index of the block that claims it."""
        runs = iter(self.runs(page))
        counts = {index: len(block.claims) for index, block in enumerate(page.blocks) if block.claims}
        return {index: list(islice(runs, count)) for index, count in counts.items()}

    def write(self, page: Page, claims: Iterable[Claim]) -> bool:
        """Record the claims, and say whether that changed anything."""
        lines = [f"{page.name}: what its claims compare. Written by pytest --update-outputs.", _blocks(page)]
        for claim in claims:
            lines += [
                "",
                claim.wording,
                *(f"    {said(shift)}: {words}" for shift, (_, words) in claim.came_to.items()),
            ]
        return self.put(page, "\n".join(lines) + "\n")


def _blocks(page: Page) -> str:
    """What tells a page's blocks from those it had when its claims were held."""
    return f"blocks {hashlib.sha256(page.decides).hexdigest()[:16]}"

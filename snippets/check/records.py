"""The records of a course: where each page's lies, what it has of the page's blocks, and how a new one is accepted."""

import sys
from pathlib import Path

from ..pages import Course, Page
from ..run import Output, Result
from . import record


class Folder:
    """A folder with a text for each page of a course, which people read and `--update-outputs` writes."""

    def __init__(self, course: Course, below: str) -> None:
        """`below` is the folder's path below the course's root."""
        self.course, self.below, self.folder = course, below, course.root / below

    def path(self, page: Page) -> Path:
        return self.folder / f"{page.key}.txt"

    def name(self, page: Page) -> str:
        """The record's path as people write it."""
        return f"{self.below}/{page.key}.txt"

    def command(self, page: Page) -> str:
        """What writes the page's records, by the Python in use."""
        python = Path(sys.executable)
        if python.is_relative_to(self.course.root):
            python = python.relative_to(self.course.root)
        return f"{python} -m pytest --update-outputs {page.name}"

    def has(self, page: Page) -> bool:
        return self.path(page).is_file()

    def put(self, page: Page, text: str) -> bool:
        """Write the page's text, and say whether that changed anything."""
        file = self.path(page)
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        return True


class Records(Folder):
    """The recorded outputs of one course."""

    def __init__(self, course: Course) -> None:
        super().__init__(course, course.records)

    def expected(self, page: Page) -> tuple[dict[int, str], list[str]]:
        """What is recorded of each block of the page, by its index, and of blocks that are gone."""
        return record.matched(page, self.path(page).read_text(encoding="utf-8"))

    def differing(self, page: Page, result: Result) -> dict[int, str]:
        """How the output of each block that does not agree with the record differs from it, by the block's index."""
        expected, _ = self.expected(page)
        compared = (
            (n, record.difference(expected.get(n, ""), record.in_words(o))) for n, o in enumerate(result.outputs)
        )
        return {n: found for n, found in compared if found}

    def write(self, page: Page, outputs: tuple[Output, ...]) -> bool:
        """Record the outputs, and say whether that changed anything."""
        return self.put(page, record.write(page, outputs))

    def without_page(self) -> list[str]:
        """The records of pages that are not there."""
        pages = {path.relative_to(self.course.docs).with_suffix(".txt") for path in self.course.docs.rglob("*.md")}
        return [
            path.relative_to(self.course.root).as_posix()
            for name in (self.course.records, self.course.claims)
            for path in sorted((self.course.root / name).rglob("*.txt"))
            if path.relative_to(self.course.root / name) not in pages
        ]

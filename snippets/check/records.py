"""The records of a course: where each page's lies, what it has of the page's blocks, and how a new one is accepted."""

import sys
from pathlib import Path

from ..pages import Course, Page
from ..run import Output, Result
from . import record


class Records:
    """The folder of records of one course."""

    def __init__(self, course: Course) -> None:
        self.course, self.folder = course, course.root / course.records

    def path(self, page: Page) -> Path:
        return self.folder / f"{page.key}.txt"

    def name(self, page: Page) -> str:
        """The record's path as people write it."""
        return f"{self.course.records}/{page.key}.txt"

    def command(self, page: Page) -> str:
        """What accepts the page's outputs, by the Python in use."""
        return f"{python(self.course)} -m pytest --update-outputs {page.name}"

    def has(self, page: Page) -> bool:
        return self.path(page).is_file()

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
        file, text = self.path(page), record.write(page, outputs)
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        return True

    def without_page(self) -> list[str]:
        """The records of pages that are not there."""
        pages = {path.relative_to(self.course.docs).with_suffix(".txt") for path in self.course.docs.rglob("*.md")}
        return [
            path.relative_to(self.course.root).as_posix()
            for name in (self.course.records, self.course.claims)
            for path in sorted((self.course.root / name).rglob("*.txt"))
            if path.relative_to(self.course.root / name) not in pages
        ]


def python(course: Course) -> Path:
    """The Python in use, as people would type it in the course's folder."""
    path = Path(sys.executable)
    return path.relative_to(course.root) if path.is_relative_to(course.root) else path

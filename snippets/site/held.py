"""Where what the site shows differs from what is on record."""

from collections.abc import Iterator

from ..check.claimed import Claimed
from ..check.records import Records
from ..pages import Course, Page
from ..run import Result


class Held:
    """What was found of each page, kept while the page's result and its record stay as they are."""

    def __init__(self, course: Course, last: "Held | None" = None) -> None:
        self.records, self.claimed = Records(course), Claimed(course)
        self.on_record = self.records.folder.is_dir()  # a course need not have any
        self.found: dict[str, tuple[Result, str, dict[int, str]]] = dict(last.found) if last else {}

    def differing(self, page: Page, result: Result) -> dict[int, str]:
        """How each block that differs from its record does, by its index; a block that failed has nothing to compare."""
        path = self.records.path(page)
        if not page.blocks or not path.is_file():
            return {}
        text, last = path.read_text(encoding="utf-8"), self.found.get(page.source)
        if last is None or last[0] is not result or last[1] != text:
            last = self.found[page.source] = (result, text, self.records.differing(page, result))
        return last[2]

    def told(self, page: Page, result: Result) -> Iterator[str]:
        """A sentence for each block whose output is not the recorded one, and for a page that has no record."""
        if not page.blocks or not self.on_record:
            return
        if not self.records.has(page):
            yield f"{page.name}:1: this page has no record yet; write it with: {self.records.command(page)}"
        if mistake := self.claimed.mistake(page):
            yield mistake
        for index, diff in self.differing(page, result).items():
            line = page.blocks[index].line
            yield (
                f"{page.name}:{line}: the output differs from the record; if it is right, accept it with: "
                f"{self.records.command(page)}\n\n{diff}\n"
            )

"""A page as pytest sees it: its file, the item of each block, and that of the page as a whole."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_markdown_docs.definitions import FenceTestDefinition
from pytest_markdown_docs.plugin import MarkdownInlinePythonItem, MarkdownTextFile

from .check import Check
from .errors import CheckError, FollowOnError
from .plugin import check_of


def _check(node: pytest.Collector | pytest.Item) -> Check:
    check = check_of(node.config)
    assert check
    return check


class PageFile(MarkdownTextFile):
    """A Markdown file below a course's docs."""

    def collect(self) -> Iterator[pytest.Item]:
        if self.config.getoption("reseed"):
            yield from self._claims(_check(self))
            return
        yield PageItem.from_parent(self, name="page")  # first, since it records what the blocks are held against
        # Its blocks are what the page's own parser finds: pytest-markdown-docs reads words in a title as its options.
        for number, block in _check(self).blocks(self.path):
            definition = FenceTestDefinition(block.source, (), block.line, self.path, None)
            name = f"block {number} at line {block.line}"  # a name in brackets is one that --lf cannot find again
            yield BlockItem.from_parent(self, name=name, test_definition=definition)

    def _claims(self, check: Check) -> Iterator[pytest.Item]:
        lines = [line for line, _ in check.claims.lines(self.path)]
        for number, line in enumerate(lines):
            yield ClaimItem.from_parent(self, name=f"claim {number + 1} at line {line}", number=number)
        if lines or check.claims.concern(check.page(self.path)):
            yield ReseededItem.from_parent(self, name="seeds")


class OurItem(pytest.Item):
    """An item whose failure is told in the words of what failed."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> str:
        return _report(excinfo)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, 0, self.name


class ClaimItem(OurItem):
    """An assertion that has to hold under other seeds too."""

    def __init__(self, *, number: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.number = number

    def runtest(self) -> None:
        try:
            _check(self).claims.hold(self.path, self.number)
        except FollowOnError as error:
            if any(isinstance(item, ReseededItem) and item.path == self.path for item in self.session.items):
                pytest.skip(str(error))  # it is reported once
            raise


class ReseededItem(OurItem):
    """Checks that a page's seeds are moved at all, and that the site says of its claims what was found."""

    def runtest(self) -> None:
        _check(self).claims.hold_page(self.path)


class BlockItem(MarkdownInlinePythonItem):
    """A block: pytest-markdown-docs' item with our runner in place of its own, which knows neither pages nor outputs."""

    def setup(self) -> None:
        super().setup()
        self.runner: Any = _BlockRunner(_check(self), self.session.stash.get(_SELECTED, set()))


class _BlockRunner:
    def __init__(self, check: Check, selected: set[tuple[Any, int]]) -> None:
        self.check, self.selected = check, selected

    def runtest(self, test: FenceTestDefinition, args: Any, *, asyncio_runner: Any = None) -> None:
        try:
            self.check.hold(test.source_path, test.start_line)
        except FollowOnError as error:
            # Its cause is reported once; on its own, without the cause, the block fails.
            if (test.source_path, error.cause) in self.selected:
                pytest.skip(str(error))
            raise

    def repr_failure(self, test: FenceTestDefinition, excinfo: pytest.ExceptionInfo, style: Any = None) -> str:
        return _report(excinfo)


class PageItem(OurItem):
    """Checks what no block alone can: that the page can be read, and that all its blocks and its record are accounted for."""

    def runtest(self) -> None:
        check = _check(self)
        selected = {line for path, line in self.session.stash.get(_SELECTED, set()) if path == self.path}
        if check.update:
            try:
                check.accept(self.path)
            except CheckError as error:
                if check.refused[self.path] in selected - {0}:
                    pytest.skip(f"not recorded: {error}")  # its cause is reported once, by its own item
                raise
        check.hold_page(self.path, selected)


class RecordsItem(OurItem):
    """Checks that each record has its page; there is one where all pages of the course are collected."""

    def runtest(self) -> None:
        if left := _check(self).records.without_page():
            raise CheckError(
                "\n".join(f"{name}: there is no page to this record" for name in left)
                + "\n\nIf the page was renamed, rename its record too (git mv); if it is gone, remove it."
            )

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return _check(self).records.folder, None, self.name


_SELECTED = pytest.StashKey[set[tuple[Any, int]]]()  # the items of the session: page, and line of the fence, 0 the page


def add_records(session: pytest.Session, check: Check, items: list[pytest.Item]) -> None:
    """Add the item that looks for records without a page, if all pages are collected."""
    collected = {item.path for item in items if isinstance(item, PageItem)}
    if collected and collected >= set(check.course.docs.rglob("*.md")):
        items.append(RecordsItem.from_parent(session, name="records"))


def start(check: Check, items: list[pytest.Item], only_note: bool) -> None:
    """Remember which items there are, and start their pages side by side; not where other processes take a share of them."""
    if not only_note:
        reseeded = dict.fromkeys(item.path for item in items if isinstance(item, ClaimItem | ReseededItem))
        for path in reseeded:
            check.page(path)  # before one runs, since what they import together is imported once
        for path in reseeded:
            check.claims.start(path)
    ours = [item for item in items if isinstance(item, BlockItem | PageItem)]
    if not ours:
        return
    ours[0].session.stash[_SELECTED] = {(item.path, getattr(item, "start_line", 0)) for item in ours}
    for path in dict.fromkeys(item.path for item in ours):
        if not only_note and check.blocks(path):
            check.start(path)


def _report(excinfo: pytest.ExceptionInfo) -> str:
    return str(excinfo.value) if isinstance(excinfo.value, CheckError) else str(excinfo.getrepr())

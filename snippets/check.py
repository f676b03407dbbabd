"""The check: a runner for pytest-markdown-docs that holds each block's output against the record of its page."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from pytest_markdown_docs._runners import _Runner, register_runner
from pytest_markdown_docs.definitions import FenceTestDefinition

from . import record
from .output import Result
from .page import Page, PageError
from .runner import MEMORY, SECONDS, Runner

DOCS = "docs"


class BlockError(Exception):
    """A block or page that does not hold; its text is the whole report."""


class Check:
    """What one pytest session knows: its pages, and the future result of each."""

    def __init__(self, config: pytest.Config) -> None:
        self.root = config.rootpath
        self.update = bool(config.getoption("update_outputs"))
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
            raise BlockError("the second run failed:\n" + again.failure.describe(page.name))
        for block, first, second in zip(page.blocks, result.outputs, again.outputs, strict=True):
            one, two = record.in_words(first), record.in_words(second)
            if one != two:
                raise BlockError(
                    f"{page.name}:{block.line}: not recorded, since two runs differ (no seed set? an address, a "
                    f"time or a temporary path printed?)\n\n{record.diff(one, two)}"
                )
        path = self.record_path(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record.write(page, result.outputs), encoding="utf-8")

    def hold(self, path: Path, line: int) -> None:
        """Raises BlockError unless the block whose fence opens at `line` runs and gives what is recorded."""
        page = self.page(path)
        index = next((n for n, block in enumerate(page.blocks) if block.fence == line), None)
        if index is None:
            raise BlockError(
                f"{page.name}:{line}: pytest-markdown-docs sees a block here that the page's parser does not"
            )
        result = self.start(path).result()
        block, failure = page.blocks[index], result.failure
        if failure and index == len(result.outputs):
            raise BlockError(failure.describe(page.name))
        if failure and index > len(result.outputs):
            raise BlockError(f"{page.name}:{block.line}: not run, because the block at line {failure.line} failed")
        path = self.record_path(page)
        if not path.is_file() and failure:
            raise BlockError(f"{page.name}:{block.line}: not recorded, because the block at line {failure.line} failed")
        if not path.is_file():
            raise BlockError(
                f"{page.name} has no record {path.relative_to(self.root)}: write it with pytest --update-outputs"
            )
        recorded = record.read(path.read_text(encoding="utf-8")).get(index + 1, "")
        if diff := record.difference(recorded, record.in_words(result.outputs[index])):
            raise BlockError(
                f"{page.name}:{block.line}: the output differs from the record\n\n{diff}\n\n"
                "If the new output is right, accept it with: pytest --update-outputs " + page.name
            )


_check: Check  # of the session that runs; pytest-markdown-docs makes its runner without arguments


@register_runner(default=True)
class PageRunner(_Runner):
    """Stands in for pytest-markdown-docs' own runner, which knows neither pages nor outputs."""

    def runtest(self, test: FenceTestDefinition, args: Any, *, asyncio_runner: Any = None) -> None:
        try:
            _check.hold(Path(test.source_path), test.start_line)
        except PageError as error:
            raise BlockError(str(error)) from None

    def repr_failure(self, test: FenceTestDefinition, excinfo: pytest.ExceptionInfo, style: Any = None) -> str:
        if isinstance(excinfo.value, BlockError):
            return str(excinfo.value)
        return str(excinfo.getrepr())


class PageItem(pytest.Item):
    """Checks what no block alone can: that the page can be read, and that its record speaks of blocks it has."""

    def runtest(self) -> None:
        page = _check.page(self.path)
        path = _check.record_path(page)
        if not page.blocks:
            return
        _check.start(self.path).result()
        if not path.is_file():
            raise BlockError(
                f"{page.name} has no record {path.relative_to(_check.root)}: write it with pytest --update-outputs"
            )
        extra = [number for number in record.read(path.read_text("utf-8")) if number > len(page.blocks)]
        if extra:
            raise BlockError(
                f"{path.relative_to(_check.root)} has outputs of blocks that {page.name} does not have: {extra}"
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> str:
        if isinstance(excinfo.value, BlockError | PageError):
            return str(excinfo.value)
        return str(excinfo.getrepr())

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class PageFile(pytest.File):
    """A Markdown file below docs."""

    def collect(self) -> Iterator[PageItem]:
        yield PageItem.from_parent(self, name="[page]")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("snippets", "the pages' outputs")
    group.addoption(
        "--update-outputs",
        action="store_true",
        help="run each page twice and, if both runs agree, record its outputs in tests/outputs",
    )


def pytest_configure(config: pytest.Config) -> None:
    global _check
    _check = Check(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    for runner in (_check.runner, _check.other_runner) if _check.results else ():
        runner.stopping.set()
    _check.pool.shutdown(cancel_futures=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".md" and file_path.is_relative_to(parent.config.rootpath / DOCS):
        return PageFile.from_parent(parent, path=file_path)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start all pages at once, so that they run side by side while pytest goes through the items."""
    if session.config.option.collectonly or hasattr(session.config, "workerinput"):
        return
    for path in dict.fromkeys(item.path for item in session.items if item.path.suffix == ".md"):
        with suppress(PageError):  # its own item says so
            _check.page(path)
    for path, page in _check.pages.items():
        if page.blocks:
            _check.start(path)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Where the time went: each page's own seconds."""
    done = [
        (f.result().seconds, _check.pages[p].name) for p, f in _check.results.items() if f.done() and not f.exception()
    ]
    if len(done) > 1:
        terminalreporter.section("pages")
        for seconds, name in sorted(done, reverse=True)[:5]:
            terminalreporter.line(f"{seconds:6.1f} s  {name}")
        terminalreporter.line(f"{sum(seconds for seconds, _ in done):6.1f} s  in all, {len(done)} pages, each run once")

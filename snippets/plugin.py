"""The pytest plugin: one item a block, by a runner for pytest-markdown-docs, and one for each page as a whole."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pytest_markdown_docs._runners import _Runner, register_runner
from pytest_markdown_docs.definitions import FenceTestDefinition

from .check import DOCS, Check, CheckError, FollowOnError
from .page import PageError

_selected: set[tuple[Path, int]] = set()  # the items of the session: page, and line of the fence, 0 for the page's own
_check: Check  # of the session that runs; pytest-markdown-docs makes its runner without arguments


@register_runner(default=True)
class PageRunner(_Runner):
    """Stands in for pytest-markdown-docs' own runner, which knows neither pages nor outputs."""

    def runtest(self, test: FenceTestDefinition, args: Any, *, asyncio_runner: Any = None) -> None:
        path = Path(test.source_path)
        try:
            _check.hold(path, test.start_line)
        except PageError as error:
            raise CheckError(str(error)) from None
        except FollowOnError as error:
            # Its cause is reported once; on its own, without the cause, the block fails.
            if (path, error.cause) in _selected:
                pytest.skip(str(error))
            raise

    def repr_failure(self, test: FenceTestDefinition, excinfo: pytest.ExceptionInfo, style: Any = None) -> str:
        if isinstance(excinfo.value, CheckError):
            return str(excinfo.value)
        return str(excinfo.getrepr())


class PageItem(pytest.Item):
    """Checks what no block alone can: that the page can be read, and that its record speaks of blocks it has."""

    def runtest(self) -> None:
        _check.hold_page(self.path)

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> str:
        if isinstance(excinfo.value, CheckError | PageError):
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
    _check = Check(config.rootpath, bool(config.getoption("update_outputs")))


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
    for item in session.items:
        definition = getattr(item, "test_definition", None)
        _selected.add((item.path, definition.start_line if definition else 0))
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

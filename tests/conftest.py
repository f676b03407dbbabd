"""A course that a test may break, the real site, built once, a way to run a page's text, and the table of faults."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT, Project, python_m

from snippets.pages import Course, Page
from snippets.run import Result, Runner


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the tests that need no page's output go first: meanwhile the pages run. What needs the site goes last: it is built of that."""
    pages = {item for item in items if not isinstance(item, pytest.Function)}
    items.sort(key=lambda item: 1 if item in pages else 2 if "site" in getattr(item, "fixturenames", ()) else 0)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was survived; and where the time went, by file."""
    seconds: Counter[str] = Counter()
    survived: list[tuple[str, str, float]] = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
                survived += [
                    row for name, row in report.user_properties if name == "survived" and report.when == "call"
                ]
    if survived:
        terminalreporter.section("faults, and what became of them")
        for fault, outcome, spent in survived:
            terminalreporter.line(f"{fault:38} {outcome:68} {spent:6.1f} s")
    if len(seconds) > 1:
        terminalreporter.section("files, seconds by the clock")
        for name, spent in seconds.most_common(12):
            terminalreporter.line(f"{spent:6.1f} s  {name}")
        terminalreporter.line(f"{seconds.total():6.1f} s  in all")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built strictly into a folder of its own."""
    folder = tmp_path_factory.mktemp("real") / "site"
    built = python_m(ROOT, "mkdocs", "build", "--strict", "--site-dir", str(folder))
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture(scope="session")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Result]:
    """Runs a page's text as the site does, or as a reader would, and returns its Result."""
    root = tmp_path_factory.mktemp("course")
    course = Course(root, root / "docs")
    preload = Page.parse("all.md", "torch optim matplotlib sklearn", course, whole=False)
    runner = Runner(course, [preload], stays=True)

    def run(text: str, seconds: float = 60, clock: float = 3600, reader: bool = False) -> Result:
        course = Course(root, root / "docs", seconds=seconds, clock=clock)
        runner.course = course
        return runner.run(Page.parse("test.md", text, course, whole=False), plain=reader, fresh=reader)

    return run


@pytest.fixture
def survived(record_property: Callable[[str, object], None]) -> Callable[[str, str, float], None]:
    """Takes a fault, what became of it and the seconds; the table of all is written when the session ends."""
    return lambda *row: record_property("survived", row)

"""The pytest plugin: one item a block, on pytest-markdown-docs' own, and one for each page as a whole.

pytest loads it in every session of an environment it is installed in: it does nothing, and imports nothing of ours, until a
page of a course is collected.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .check import Check

CHECK = pytest.StashKey["Check | None"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("snippets", "the outputs of a course's pages")
    group.addoption(
        "--update-outputs",
        action="store_true",
        help="record what the pages give, if two runs of each agree",
    )
    group.addoption(
        "--run-once",
        action="store_true",
        help="run pages as the site does, and not a second time as a reader would",
    )
    group.addoption(
        "--reseed",
        nargs="?",
        type=_seeds,
        const=3,
        metavar="N",
        help="run the pages under N other seeds (3, if no number is given), and hold their claims in each",
    )


def _seeds(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"how many seeds? (before a page: --reseed 3 {text})")
    return int(text)


def check_of(config: pytest.Config) -> "Check | None":
    """The session's check; None where neither pytest's root folder nor one around it holds a course."""
    if CHECK not in config.stash:
        config.stash[CHECK] = None
        folders = (config.rootpath, *config.rootpath.parents)
        if root := next((folder for folder in folders if (folder / "mkdocs.yml").is_file()), None):
            from ..pages import Course, CourseError, OtherSiteError

            try:
                course = Course.read(root)
            except OtherSiteError:
                return None
            except CourseError as error:
                raise pytest.UsageError(str(error)) from None
            from .check import Check

            update, once, seeds = map(config.getoption, ("update_outputs", "run_once", "reseed"))
            config.stash[CHECK] = Check(course, update, once, seeds or 3)
    return config.stash[CHECK]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Only pages make claims."""
    return True if config.getoption("reseed") and collection_path.suffix == ".py" else None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Any:
    collectors = yield
    if file_path.suffix == ".md" and (check := check_of(parent.config)) and file_path.is_relative_to(check.course.docs):
        from .items import PageFile

        # With --markdown-docs, pytest-markdown-docs would take the page too, and run its blocks without the page.
        others = [one for one in collectors if one.path.suffix != ".md"]
        return [*others, PageFile.from_parent(parent, path=file_path)]
    return collectors


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    if check := config.stash.get(CHECK, None):
        from .items import add_records

        add_records(session, check, items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start all pages at once, so that they run side by side while pytest goes through the items."""
    check = session.config.stash.get(CHECK, None)
    if check is None or session.config.option.collectonly:
        return
    from .items import start

    start(check, session.items, only_note=hasattr(session.config, "workerinput"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Have pytest-xdist give all items of a page to one process: they run together, and the first records for all."""
    if config.getoption("dist") != "load" or not check_of(config):
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False  # what is made of the pages' outputs stands behind them
    return LoadFileScheduling(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if check := config.stash.get(CHECK, None):
        check.stop()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What failed and why, in full; what was recorded; where the time went: each page's own seconds."""
    check = config.stash.get(CHECK, None)
    if check is None or hasattr(config, "workerinput"):
        return
    failed = [str(report.longrepr).partition("\n")[0] for report in terminalreporter.stats.get("failed", ())]
    if told := [line for line in failed if line.startswith(f"{check.course.docs.name}/")]:
        terminalreporter.section("pages that do not hold")
        for line in told:
            terminalreporter.line(line)
    for path, changed in check.recorded.items():
        page = check.pages[path]
        if changed:
            terminalreporter.line(f"recorded  {page.name}  in {check.records.name(page)}")
    if check.recorded and not any(check.recorded.values()):
        terminalreporter.line("every record is as before")
    runs = [(run, check.pages[path].name) for path, both in check.runs.items() for run in set(both)]
    done = sorted(
        ((run.result().seconds, name) for run, name in runs if run.done() and not run.exception()), reverse=True
    )
    if len({name for _, name in done}) > 1:
        terminalreporter.section("pages, seconds of processor time")
        for seconds, name in done[:5]:
            terminalreporter.line(f"{seconds:6.1f} s  {name}")
        terminalreporter.line(f"{sum(seconds for seconds, _ in done):6.1f} s  in all, {len(done)} runs of pages")

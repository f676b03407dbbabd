"""pytest on the pages: each block one item, each page run once, and every difference from the record reported."""

import re

import pytest
from helpers.course import COURSE, PAGES, page_of
from helpers.project import GOOD, LAB, Project, fence


@pytest.fixture
def recorded(project) -> Project:
    project.page("index", fence("x = 0.123\nprint(x, 7)", "x + 1"))
    result = project.check("--update-outputs")
    assert result.returncode == 0, result.stdout
    return project


def edit(project: Project, old: str, new: str) -> None:
    text = project.read("docs/index.md")
    assert old in text
    project.page("index", text.replace(old, new))


def test_a_recorded_page_passes_with_one_item_a_block(recorded):
    assert "4 passed" in recorded.check().stdout  # with the page as a whole, and the records
    assert recorded.read("tests/outputs/index.txt").split("\n")[2:5] == ["x = 0.123", "    0.123 7", ""]


def test_one_page_can_be_checked_alone(recorded):
    recorded.page("other", "```python\n1 / 0\n```\n")
    assert recorded.run("pytest", "-q", "docs/index.md").returncode == 0


@pytest.mark.parametrize(("flags", "runs"), [((), "xx"), (("--run-once",), "x")], ids=["twice", "once"])
def test_each_page_runs_as_the_site_runs_it_and_as_a_reader_would(recorded, tmp_path, flags, runs):
    log = tmp_path / "runs"
    recorded.page("index", fence(f"with open({str(log)!r}, 'a') as f:\n    _ = f.write('x')", "1"))
    recorded.check(*flags)
    assert log.read_text() == runs


def test_accepting_runs_nothing_again_and_recording_for_the_first_time_runs_twice(project, tmp_path):
    log = tmp_path / "runs"

    def runs() -> str:
        return log.read_text() if log.exists() else ""

    def page(value: int) -> None:
        project.page("index", fence(f"with open({str(log)!r}, 'a') as f:\n    _ = f.write('x')", f"{value}"))

    page(1)
    assert project.check("--update-outputs").returncode == 0
    assert runs() == "xx"
    page(2)
    assert project.check().returncode == 1
    assert runs() == "xxxx"
    accepted = project.check("--update-outputs")
    assert accepted.returncode == 0, accepted.stdout
    assert "recorded  docs/index.md  in tests/outputs/index.txt" in accepted.stdout
    assert runs() == "xxxx"
    assert "every record is as before" in project.check("--update-outputs").stdout
    assert project.build().returncode == 0  # nor does the site run again what was checked
    assert runs() == "xxxx"
    assert project.check().returncode == 0  # but a check runs, whatever is kept
    assert runs() == "xxxxxx"


def test_nothing_is_recorded_where_another_processor_is_played(recorded):
    edit(recorded, "0.123", "0.125")
    said = recorded.check("--update-outputs", ATEN_CPU_CAPABILITY="default").stdout
    assert "docs/index.md: not recorded under ATEN_CPU_CAPABILITY=default" in said
    assert "0.123" in recorded.read("tests/outputs/index.txt")
    differs = recorded.check(ATEN_CPU_CAPABILITY="default").stdout
    assert "print fewer digits" in differs
    assert "accept it with" not in differs


def test_what_cannot_be_recorded_is_said_once(recorded):
    edit(recorded, "x + 1", "x / 0")
    said = recorded.check("--update-outputs").stdout
    assert said.count("ZeroDivisionError: float division by zero") == 1
    assert re.search(r"1 failed, 1 passed, 2 skipped", said)


def test_a_record_of_a_page_that_is_gone_is_named(recorded):
    recorded.write("tests/outputs/part/old.txt", "docs/part/old.md: what its blocks give.\n")
    said = recorded.check()
    assert said.returncode == 1
    assert "tests/outputs/part/old.txt: there is no page to this record" in said.stdout
    recorded.page("other", "# Other\n")
    assert recorded.run("pytest", "-q", "docs/index.md").returncode == 0


def test_a_difference_is_shown_with_the_way_to_accept_it(recorded):
    edit(recorded, "0.123", "0.125")
    result = recorded.check()
    assert result.returncode == 1
    assert "docs/index.md:4: the output differs from the record" in result.stdout
    assert "-0.123 7\n+0.125 7" in result.stdout
    assert "pytest --update-outputs docs/index.md" in result.stdout


def test_one_in_the_last_digit_passes_and_a_whole_number_does_not(recorded):
    edit(recorded, "0.123", "0.124")
    assert recorded.check().returncode == 0
    edit(recorded, ", 7", ", 8")
    assert recorded.check().returncode == 1


@pytest.mark.parametrize(
    "source",
    [
        "import random\nrandom.random()",
        "set('abcdefgh')",
        "import time\ntime.time()",
    ],
)
def test_what_changes_from_run_to_run_is_not_recorded(project, source):
    project.page("index", fence(source))
    result = project.check("--update-outputs")
    assert result.returncode == 1
    assert "docs/index.md:4: not recorded, since two runs differ" in result.stdout
    assert not (project.folder / "tests").exists()


def test_a_page_that_changes_from_run_to_run_fails_against_any_record(project):
    project.page("index", "```python\nimport random\nrandom.random()\n```\n\n```python\nid([])\n```\n\n# T\n")
    project.write("tests/outputs/index.txt", "x\nimport random\n    0.1234\nid([])\n    140000000000000\n")
    result = project.check()
    assert result.returncode == 1
    for line in (2, 7):
        assert f"docs/index.md:{line}: the output differs from the record" in result.stdout
    assert "2 failed, 2 passed" in result.stdout


def test_a_page_with_no_record_fails(project):
    result = project.check()
    assert result.returncode == 1
    assert "docs/index.md has no record tests/outputs/index.txt" in result.stdout


def test_a_failing_block_names_its_line_and_the_later_ones_say_why_they_did_not_run(recorded):
    edit(recorded, "x = 0.123", "x = 1 / 0")
    result = recorded.check()
    assert "docs/index.md:4: this block failed" in result.stdout
    assert "ZeroDivisionError" in result.stdout
    # The cause is told once; a later block on its own says why it cannot hold.
    assert re.search(r"1 failed, \d+ passed, \d+ skipped", result.stdout)
    alone = recorded.run("pytest", "-q", "docs/index.md::block 2 at line 9")
    assert alone.returncode == 1
    assert "not run, because the block at line 4 failed" in alone.stdout


@pytest.mark.parametrize(
    "text", ["```python\n1\n", "- a\n\n  ```python\n  1\n  ```\n", "<!--\n```python\n1\n```\n-->\n"]
)
def test_a_fence_that_would_be_skipped_fails(project, text):
    project.page("index", text)
    result = project.check()
    assert result.returncode == 1
    assert "docs/index.md:" in result.stdout


def test_labs_are_checked_too(recorded):
    recorded.page("labs/lab", LAB + fence("40 + 2", words='tags=["solution"]'))
    assert recorded.check("--update-outputs").returncode == 0
    assert "    42" in recorded.read("tests/outputs/labs/lab.txt")


def test_every_record_of_the_real_site_has_a_page_and_every_page_a_record():
    folder = COURSE.root / COURSE.records
    records = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.txt")}
    assert records == {name for name in PAGES if page_of(name).blocks}


def test_the_good_page_is_good(project):
    project.page("index", GOOD)
    assert project.check("--update-outputs").returncode == 0

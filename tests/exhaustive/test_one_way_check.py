"""Nothing is recorded, and no record is agreed with, but what a reader gets who copies what is shown: pytest and our command."""

import re
from pathlib import Path

import pytest
from helpers.project import GOOD, Project, fence

SETTINGS = "site_name: A course\nplugins:\n  - snippets:\n      seconds: 60\n"


@pytest.fixture
def project(tmp_path) -> Project:
    return small(tmp_path)


def small(folder: Path) -> Project:
    project = Project(folder)
    project.write("mkdocs.yml", SETTINGS)
    project.write("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['.']\n")
    return project


def record(project: Project, page: str, *outputs: str) -> None:
    """A record as somebody would write it by hand, with an output for each block of the page."""
    first_lines = re.findall(r"^```python.*\n(.+)$", project.read(f"docs/{page}.md"), re.M)
    lines = [f"{first}\n    {output}\n" for first, output in zip(first_lines, outputs, strict=True)]
    project.write(f"tests/outputs/{page}.txt", f"docs/{page}.md: what its blocks give.\n\n" + "\n".join(lines))


def failed(output: str) -> set[str]:
    """The items that a run of pytest names as failed."""
    return set(re.findall(r"^FAILED (docs/\S+::(?:page|block \d+ at line \d+))", output, re.M))


WORDS_IN_ATTRIBUTES = [
    'title="when notest is used"',
    'title="memory:4 xfail skip"',
    'fold title="notest"',
    'check title="notest"',
    'title="retry:3 fixture:x runner:y continuation"',
]


def test_words_in_an_attribute_do_not_take_a_block_out_of_the_check(project):
    page = "# T\n\n" + "\n".join(fence("print(1 + 1)", words=words, title="") for words in WORDS_IN_ATTRIBUTES)
    alt = 'alt="a line; retry:3 fixture:x runner:y notest"'
    page += "\n" + fence("import matplotlib.pyplot as plt\n\n_ = plt.plot([1, 2])\nprint(2)", words=alt, title="")
    project.page("index", page)
    record(project, "index", *["3"] * 6)
    result = project.check()
    assert result.returncode == 1
    assert failed(result.stdout) == {f"docs/index.md::block {n} at line {4 * n}" for n in range(1, 7)}


# Page by page: what the site's process has and a reader's does not, the line of what fails, and what is said of it.
ONLY_HERE = {
    "hidden": (fence("secret = 7", words="check") + fence("secret * 2", title=""), 7, "NameError: name 'secret'", "14"),
    "quiet": (
        fence("import random\n\nrandom.seed(3)", words="check")
        + fence("import random\n\nround(random.random(), 9)", title=""),
        9,
        "",
        "0.237964627",
    ),
    "submodule": (
        fence("import concurrent\n\nconcurrent.futures.__name__"),
        6,
        "AttributeError",
        "'concurrent.futures'",
    ),
    "engine": (fence("import snippets\n\nsnippets.__name__"), 4, "ModuleNotFoundError", "'snippets'"),
    "tests": (fence("import conftest\n\nconftest.__name__"), 4, "ModuleNotFoundError", "'conftest'"),
    "beside": (fence("import beside\n\nbeside.__name__"), 4, "ModuleNotFoundError", "'beside'"),
    "loaded": (fence("import sys\n\n'multiprocessing' in sys.modules"), 4, "", "True"),
}
LATER = {"hidden": (2, 7), "quiet": (2, 9)}  # number and line of the block that fails, if it is not the first
ONLY_NEW = (
    "submodule",
    "loaded",
)  # seen where few pages are checked, or are recorded: then each has a Python just started


@pytest.fixture(scope="module")
def only_here(tmp_path_factory) -> Project:
    project = small(tmp_path_factory.mktemp("only"))
    for name, (text, _, _, output) in ONLY_HERE.items():
        project.page(name, text)
        record(project, name, *[""] * (LATER.get(name, (1, 4))[0] - 1), output)
    (project.folder / "docs" / "index.md").unlink()
    for place in ("conftest.py", "beside.py", "docs/beside.py"):
        project.write(place, "")
    return project


@pytest.fixture(scope="module")
def reports(only_here) -> dict[str, str]:
    """What each way to hold or to record the pages says; the records are those written by hand, after each."""
    folder = only_here.folder / "tests" / "outputs"
    before = {path: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    said = {}
    few = [f"docs/{page}.md" for page in ONLY_NEW]
    for name, *commands in (
        ("check", ("pytest", "-q", "docs"), ("pytest", "-q", *few)),
        ("update", ("pytest", "-q", "docs", "--update-outputs")),
        ("command", ("snippets", "check"), ("snippets", "check", *few)),
        ("accept", ("snippets", "accept")),
    ):
        results = [only_here.run(*command) for command in commands]
        assert {result.returncode for result in results} == {1}
        said[name] = "".join(result.stdout for result in results)
        assert {path: path.read_text(encoding="utf-8") for path in folder.iterdir()} == before, name
    return said


@pytest.mark.parametrize("way", ["check", "update", "command", "accept"])
@pytest.mark.parametrize("page", ONLY_HERE)
def test_what_only_the_site_has_is_neither_recorded_nor_agreed_with(reports, page, way):
    _, line, error, _ = ONLY_HERE[page]
    text = reports[way]
    if error:
        report = text[text.index(f"docs/{page}.md:{line}: this block failed") :]
        assert error in report[:2000]
    else:
        assert f"docs/{page}.md:{line}" in text
    if way in ("check", "update"):
        number, line = LATER.get(page, (1, 4))
        assert failed(text) & {f"docs/{page}.md::page", f"docs/{page}.md::block {number} at line {line}"}


def test_a_block_that_needs_a_hidden_one_is_built_but_a_reader_is_told_of(only_here, reports):
    assert "14" in only_here.run("snippets", "run", "docs/hidden.md").stdout
    for way in reports.values():
        assert "copied into a Python of its own, without the hidden blocks, fails:\n\ndocs/hidden.md:7" in way


# The record holds what a figure and an explorable show.

FIGURE = """\
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2)
axes[0].plot([0, 1], [2, 3], color="C1", linestyle="--", marker="o", label="one")
axes[1].bar(["a", "b"], [1, 2], color="C2")
figure.suptitle("over all")
figure.supxlabel("below all")
figure.supylabel("beside all")
figure.legend()
plt.show()"""
FIGURE_CHANGES = {
    "over all": "above all",
    "below all": "under all",
    "beside all": "next to all",
    '"C1"': '"C3"',
    '"--"': '":"',
    '"o"': '"s"',
    '"one"': '"two"',
    '"C2"': '"C4"',
    "[2, 3]": "[2, 4]",
}
DATA = 'import json\n\nprint(json.dumps({"points": [1.5, 2.5], "name": "x", "deep": [{"n": 3}]}))'
DATA_CHANGES = {"2.5": "2.9", '"x"': '"y"', '"n": 3': '"n": 4'}


def test_whatever_a_figure_or_an_explorable_shows_is_on_record(project):
    """Each change is a block of its own, held against what the unchanged block gave."""
    project.write("docs/assets/explore/toy.js", "")
    lines = {}
    for page, source, words, changes in (
        ("index", FIGURE, 'alt="two plots"', FIGURE_CHANGES),
        ("toy", DATA, 'check explore="toy"', DATA_CHANGES),
    ):
        project.page(page, fence(source, words=words))
        assert project.run("snippets", "accept", f"docs/{page}.md").returncode == 0
        whole = project.read(f"tests/outputs/{page}.txt")
        head, _, output = whole.partition("\n\n")
        project.write(f"tests/outputs/{page}.txt", "\n\n".join([head, *[output.strip("\n")] * (len(changes) + 1)]))
        assert all(source.count(old) == 1 for old in changes)
        sources = [source, *(source.replace(old, new) for old, new in changes.items())]
        project.page(page, fence(*sources, words=words))
        each = source.count("\n") + 4
        lines |= {f"docs/{page}.md:{4 + each * number}": change for number, change in enumerate(changes, 1)}
    result = project.check()
    assert set(re.findall(r"^(docs/\S+:\d+): the output differs from the record", result.stdout, re.M)) == set(lines), (
        lines
    )
    assert (
        f"{len(lines)} failed, 5 passed" in result.stdout
    )  # each page as a whole and its unchanged block, and the records


# pytest, as people use it.

THREE = fence("1 + 1", "2 + 2", "3 + 3")
ITEMS = [f"block {number} at line {line}" for number, line in ((1, 4), (2, 8), (3, 12))]


@pytest.fixture
def half_right(project) -> Project:
    """Two pages of three blocks; the record of the second block of each is wrong."""
    for name in ("index", "other"):
        project.page(name, THREE)
        record(project, name, "2", "5", "6")
    return project


def test_what_failed_can_be_chosen_again_in_every_way(half_right):
    wrong = {f"docs/{page}.md::{ITEMS[1]}" for page in ("index", "other")}
    first = half_right.check()
    assert failed(first.stdout) == wrong
    assert "2 failed, 7 passed" in first.stdout
    again = half_right.check("--lf")
    assert failed(again.stdout) == wrong
    assert "2 failed" in again.stdout
    assert "passed" not in again.stdout
    one = half_right.run("pytest", "-q", f"docs/index.md::{ITEMS[1]}")
    assert "1 failed in" in one.stdout
    assert "docs/index.md:8: the output differs from the record" in one.stdout
    assert "1 passed in" in half_right.run("pytest", "-q", f"docs/index.md::{ITEMS[2]}").stdout
    chosen = half_right.check("-k", "other and 8")
    assert failed(chosen.stdout) == {f"docs/other.md::{ITEMS[1]}"}
    assert "1 failed, 8 deselected" in chosen.stdout
    assert "1 failed, 2 passed" in half_right.check("-x").stdout
    record(half_right, "index", "2", "4", "6")
    record(half_right, "other", "2", "4", "6")
    assert "2 passed in" in half_right.check("--lf").stdout


def test_side_by_side_with_xdist(half_right):
    pytest.importorskip("xdist")
    result = half_right.run("pytest", "-v", "docs", "-n", "2")
    assert failed(result.stdout) == {f"docs/{page}.md::{ITEMS[1]}" for page in ("index", "other")}
    assert "2 failed, 7 passed" in result.stdout
    # A page runs in one process, where its own item, which records, comes before its blocks.
    where = re.findall(r"^\[(gw\d)\] .*(?:PASSED|FAILED) (docs/\w+\.md)::", result.stdout, re.M)
    assert len(where) == 8
    assert len(set(where)) == 2
    updated = half_right.check("-n", "2", "--update-outputs")
    assert updated.returncode == 0, updated.stdout
    assert "    4\n" in half_right.read("tests/outputs/other.txt")


def test_a_page_that_cannot_be_read_is_one_failed_item_and_the_others_are_checked(project):
    (project.folder / "docs" / "bad.md").write_bytes(b"# T\r\n" + b"text\r\n" * 2000 + "café\r\n".encode("latin-1"))
    record(project, "index", "2")
    result = project.check()
    assert failed(result.stdout) == {"docs/bad.md::page"}
    assert "docs/bad.md:2002: is not UTF-8" in result.stdout
    assert "1 failed, 3 passed" in result.stdout
    assert "Traceback" not in result.stdout
    assert "UnicodeDecodeError" not in result.stdout


def test_each_plugin_runs_its_own_files_once(project):
    project.write("README.md", "# R\n\n```python\nimport sys\n\nassert 'pytest' in sys.modules\n```\n")
    project.page("index", GOOD)
    record(project, "index", "2")
    both = project.run("pytest", "-v", "--markdown-docs", "README.md", "docs")
    assert both.returncode == 0, both.stdout
    # Only pytest-markdown-docs' own runner runs a block where pytest is loaded.
    assert len(re.findall("^README.md::.* PASSED", both.stdout, re.M)) == 1
    assert re.findall("^docs/index.md::(.*) PASSED", both.stdout, re.M) == ["page", "block 1 at line 4"]
    assert "4 passed" in both.stdout
    alone = project.run("pytest", "-q", "--markdown-docs", "README.md")
    assert "1 passed" in alone.stdout


def test_the_command_says_what_it_does_not_know(project):
    assert "no page of this course" in project.run("snippets", "check", "docs/none.md").stdout
    result = project.run("snippets", "check", "docs/index.md")
    assert result.returncode == 1
    assert "docs/index.md has no record tests/outputs/index.txt" in result.stdout

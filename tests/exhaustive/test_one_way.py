"""Nothing reaches a page but by being run and shown: each way past that is tried with `mkdocs build`, as an author would."""

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from helpers.project import GOOD, LAB, Project, fence

SETTINGS = """\
site_name: A course
theme: mkdocs
plugins:
  - snippets:
      seconds: 20
"""
WAITS_LITTLE = SETTINGS.replace("seconds: 20", "clock: 2")
DRAW = "import matplotlib.pyplot as plt\n\n_ = plt.plot([1, 2])"


def course(folder: Path, pages: dict[str, str], settings: str = SETTINGS) -> Project:
    """A small course of these pages alone, with no more settings than a course needs."""
    project = Project(folder)
    project.write("mkdocs.yml", settings)
    for name, text in pages.items():
        project.page(name, text)
    return project


def pages_of(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (project.folder / "site").rglob("*.html")}


def soup_of(project: Project, name: str) -> BeautifulSoup:
    return BeautifulSoup(project.read(f"site/{name}"), "html.parser")


def results(project: Project, name: str) -> list[str]:
    return [result.get_text() for result in soup_of(project, name).select("div.result")]


# What goes wrong while a block is shown, or on a page that no file holds.

HOOK_OF_A_FAULT = """
import snippets.show.extension as extension

real = extension.block_html

def block_html(page, index, *rest):
    if page.blocks[index].source == "'second'":
        raise KeyError("lost")
    return real(page, index, *rest)

extension.block_html = block_html
"""


def test_an_error_while_a_block_is_shown_ends_the_build_and_names_the_block(tmp_path):
    project = course(tmp_path, {"index": fence("'first'", "'second'")}, SETTINGS + "hooks: [hook.py]\n")
    project.write("hook.py", HOOK_OF_A_FAULT)
    result = project.build()
    assert result.returncode == 1
    assert "docs/index.md:8: this block cannot be shown: KeyError: 'lost'" in result.stdout
    assert "Traceback" not in result.stdout
    assert not (tmp_path / "site").exists()


HOOK_OF_A_GENERATOR = """
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

@event_priority({priority})
def on_files(files, config):
    files.append(File.generated(config, "gen.md", content="# G\\n\\n```python\\n40 + 2\\n```\\n"))
    return files
"""


def test_a_page_that_another_plugin_makes_runs_like_any_other(tmp_path):
    project = course(tmp_path, {}, SETTINGS + "hooks: [hook.py]\n")
    project.write("hook.py", HOOK_OF_A_GENERATOR.format(priority=50))
    result = project.build("--strict")
    assert result.returncode == 0, result.stdout
    assert results(project, "gen/index.html") == ["42"]
    assert "42" in project.read("site/gen.md")


def test_a_page_that_is_made_after_all_pages_ran_is_refused(tmp_path):
    project = course(tmp_path, {}, SETTINGS + "hooks: [hook.py]\n")
    project.write("hook.py", HOOK_OF_A_GENERATOR.format(priority=-1000))
    result = project.build()
    assert result.returncode == 1
    assert "gen.md: this page was added after all pages had run" in result.stdout
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("markdown.replace('1 + 1', '1 + 2')", "docs/index.md:4: the rendered page and the page that ran differ here"),
        ("markdown + '\\n```python\\n3\\n```\\n'", "docs/index.md: a Python fence was added after the page had run"),
        ("markdown.replace('```python\\n1 + 1', '    ```python\\n    1 + 1')", "docs/index.md:4: "),
        ("markdown.replace('```python\\n1 + 1\\n```', '')", "docs/index.md:4: "),
    ],
    ids=["changed", "added", "indented", "removed"],
)
def test_a_page_that_another_plugin_changes_after_it_ran_is_refused(tmp_path, change, said):
    project = course(tmp_path, {"index": fence("1 + 1")}, SETTINGS + "hooks: [hook.py]\n")
    project.write("hook.py", f"def on_page_markdown(markdown, **_):\n    return {change}\n")
    result = project.build()
    assert result.returncode == 1, result.stdout
    assert said in result.stdout
    assert not (tmp_path / "site").exists()


# What no page may do: all of these stand in one course, and one build names them all.

LAB_LINE = LAB.count("\n") + 2  # of the first line of a lab's first cell


def lab(*cells: str, words: str = "") -> str:
    return LAB + fence(*cells, words=words, title="")


REFUSED = {
    "labs/warning": (lab("import warnings\n\nwarnings.warn('old')"), LAB_LINE, "UserWarning: old"),
    "labs/much": (lab("print('x' * 100_001)"), LAB_LINE, "more than 100 kB of output"),
    "labs/no-alt": (lab(DRAW), LAB_LINE, "a figure without alt="),
    "labs/endless": (lab("while True:\n    pass"), LAB_LINE, "s of processor time; 6 is"),
    "labs/exit": (lab("import sys\n\nsys.exit(0)"), LAB_LINE, r"SystemExit\(0\)"),
    "labs/file": (lab("open('mkdocs.yml')"), LAB_LINE, "FileNotFoundError"),
    "labs/up": (lab("open('../../mkdocs.yml')"), LAB_LINE, "FileNotFoundError"),
    "labs/word": (lab("1", words="shown"), LAB_LINE - 1, "unknown word after python: shown"),
    "elsewhere/raises": (lab("1 / 0"), LAB_LINE, "ZeroDivisionError"),
    # The text of the second cell stands in the first, too, which a search for it would find.
    "labs/twice": (lab("if False:\n    int('x')\n_ = 0", "int('x')"), LAB_LINE + 6, "ValueError: invalid literal"),
    "program": (fence("", words='program="warns.py"'), 3, "the program warns.*UserWarning: old"),
    "program-path": (fence("", words='program="path.py"'), 3, "program path.py\n.*it shows where it runs"),
    "utf8": ("# T\r\n" + "text\r\n" * 2000 + "caf\udce9\r\n", 2002, "is not UTF-8"),
}
PROGRAMS = {
    "warns.py": "import warnings\n\nprint('before')\nwarnings.warn('old')\n",
    "path.py": "import traceback\n\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()\n",
    "looks.py": "import os\n\nprint(sorted(os.listdir()), sorted(os.listdir('..')))\n",
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> str:
    project = course(tmp_path_factory.mktemp("refused"), {}, SETTINGS.replace("seconds: 20", "seconds: 6"))
    for name, (text, *_) in REFUSED.items():
        project.page(name, "").write_bytes(text.encode("utf-8", "surrogateescape"))
    for name, text in PROGRAMS.items():
        project.write(f"programs/{name}", text)
    result = project.build()
    assert result.returncode == 1, result.stdout
    assert not (project.folder / "site").exists()
    return result.stdout


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_its_line(refused, name):
    _, line, said = REFUSED[name]
    reports = re.split(r"\n(?=docs/)", refused)
    (report,) = [
        one for one in reports if one.startswith(f"docs/{name}.md:{line}: ") or f" docs/{name}.md:{line}: " in one
    ]
    assert re.search(said, report, re.S), report


# What every page must come out with: one course, built once.

WHOLE = (
    SETTINGS.replace("seconds: 20", "counted: [about.md]").replace("theme: mkdocs", "theme: material")
    + """\
site_url: https://example.org/course/
nav: [index.md, about.md, part/a.md, part/b.md, practice/lab.md]
not_in_nav: other.md
markdown_extensions: [attr_list, tables]
"""
)
TEXT_FENCE = "````text\n/// details | x\n\ndescription: from a fence\n\n[a](a.md)\n\n///\n\n```python\n1\n```\n````"
TITLE = 'id="w" url(#a) #000000 <b>'
PAGES = {
    "index": "# Home\n\n[A](part/a.md) [more](part/a.md#more) [lab](practice/lab.md) [here](#there)\n\n## There\n\n"
    + fence("1 + 1", title=""),
    "about": "# About\n\n{{ pages }} pages run.\n\n" + fence("7 * 6", title=""),
    "other": "# Other\n\nIn no menu: {{ pages }} pages.\n\n[home](index.md)\n\n" + fence("6 * 9", title=""),
    "part/a": f"---\ndescription: from the front\n---\n# A\n\n[home](../index.md) [b](b.md#more-of-b) [lab](../practice/lab.md#lab)"
    f'\n[titled](b.md "B") [by name][b] ![mark](../assets/logo.svg)\n\n[b]: b.md\n\n## More\n\n{TEXT_FENCE}\n\n'
    + fence(
        f"import matplotlib.pyplot as plt\n\nfor _ in range(2):\n    _ = plt.plot([1, 2])\n    _ = plt.title({TITLE!r})\n    plt.show()",
        words='alt="a line"',
        title="",
    ),
    "part/b": f"# B\n\nThe first paragraph.\n\ndescription: from the prose\n\n{TEXT_FENCE}\n\n## More of B\n\n"
    + fence("", words='program="looks.py"', title=""),
    "practice/lab": lab("open('x.txt', 'w').write('left')", "40 + 2")
    + '\n[a](../part/a.md#more) and $x^2$.\n\n```python tags=["solution"]\n20 + 3\n```\n',
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Project:
    project = course(tmp_path_factory.mktemp("whole"), PAGES, WHOLE)
    project.write("programs/looks.py", PROGRAMS["looks.py"])
    result = project.build("--strict")
    assert result.returncode == 0, result.stdout
    return project


def cells_of(project: Project, name: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(project.read(f"site/{name}.ipynb"))["cells"]]


def test_a_lab_is_a_page_like_any_other_wherever_it_lies(whole):
    page = soup_of(whole, "practice/lab/index.html")
    assert page.select_one(".formula math msup")
    assert "$" not in page.article.get_text()
    assert results(whole, "practice/lab/index.html") == ["4", "42", "23"]
    assert "Show a solution" in page.article.get_text()
    assert "20 + 3" not in "".join(cells_of(whole, "practice/lab"))


def test_what_a_page_writes_stays_in_its_own_folder(whole):
    assert not list(whole.folder.rglob("x.txt"))


def test_a_program_sees_its_own_folder_only(whole):
    assert results(whole, "part/b/index.html") == ["['looks.py'] ['matplotlibrc', 'output', 'tmp', 'work']"]


def test_what_is_recorded_is_what_is_published(whole):
    accepted = whole.run("snippets", "accept", "docs/practice/lab.md")
    assert accepted.returncode == 0, accepted.stdout
    recorded = re.findall(r"^    (.+)$", whole.read("tests/outputs/practice/lab.txt"), re.M)
    assert recorded == results(whole, "practice/lab/index.html")


def test_figures_of_the_build_are_filled_in_where_the_course_says_and_in_every_form(whole):
    for name in ("about/index.html", "about.md", "about.ipynb", "llms-full.txt"):
        assert "6 pages run." in whole.read(f"site/{name}"), name
        assert "{{ pages }} pages run" not in whole.read(f"site/{name}"), name
    for name in ("other/index.html", "other.md", "other.ipynb", "llms-full.txt"):
        assert "In no menu: {{ pages }} pages." in whole.read(f"site/{name}"), name


def test_a_page_that_the_menu_leaves_out_is_published_whole(whole):
    page = soup_of(whole, "other/index.html")
    assert [link["href"] for link in page.select(".toolbar a")] == ["../other.ipynb", "../other.md"]
    assert results(whole, "other/index.html") == ["54"]
    assert "other.md" in whole.read("site/llms.txt")


@pytest.mark.parametrize("name", PAGES)
def test_the_links_of_a_notebook_lead_to_the_site(whole, name):
    links = re.findall(
        r"(?:\]\(|^\[\w+\]: )([^)\s]+)", re.sub("````.*?````", "", "\n".join(cells_of(whole, name)), flags=re.S), re.M
    )
    assert len(links) == {"index": 4, "part/a": 6, "other": 1, "practice/lab": 1}.get(name, 0)
    for link in links:
        assert link.startswith("https://example.org/course/"), link
        parts = urlsplit(link)
        file = whole.folder / "site" / unquote(parts.path).removeprefix("/course/")
        file = file if file.suffix else file / "index.html"
        assert file.is_file(), link
        if parts.fragment:
            assert BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").find(id=parts.fragment), link


def test_text_in_a_drawing_arrives_as_it_is_and_ids_are_there_once(whole):
    page = soup_of(whole, "part/a/index.html")
    drawings = page.select("figure.plot svg")
    assert len(drawings) == 2
    for drawing in drawings:
        assert TITLE in [text.get_text() for text in drawing.select("text")]
    ids = [element["id"] for element in page.select("figure.plot [id]")]
    assert ids
    assert len(ids) == len(set(ids))


def test_the_description_is_that_of_the_front_matter_alone(whole):
    index = whole.read("site/llms.txt")
    assert "part/a.md): from the front\n" in index
    assert "part/b.md): The first paragraph.\n" in index
    assert "from the prose" not in index + str(soup_of(whole, "part/b/index.html").head)
    assert "from a fence" not in index


@pytest.mark.parametrize("name", ["part/a", "part/b"])
def test_an_example_of_our_syntax_in_a_fence_stays_as_it_is(whole, name):
    assert TEXT_FENCE in whole.read(f"site/{name}.md")
    assert any(TEXT_FENCE in cell for cell in cells_of(whole, name))
    assert TEXT_FENCE in whole.read("site/llms-full.txt")


# What decides whether a page runs again.

TRACEBACK = "import traceback\n\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()"


def test_neither_prose_nor_place_nor_title_runs_a_page_again(tmp_path):
    project = course(tmp_path, {"index": fence(TRACEBACK), "old": fence("import random\n\nrandom.random()")})
    first = project.build()
    assert "Running the code of 2 pages; 0 as before" in first.stdout
    before = results(project, "index.html") + results(project, "old/index.html")
    assert "line 4" in before[0]
    project.page("index", "# T\n\nMore prose.\n\nAnd more.\n\n" + fence(TRACEBACK, words='title="x"', title=""))
    (tmp_path / "docs" / "old.md").rename(tmp_path / "docs" / "new.md")
    second = project.build()
    assert second.returncode == 0, second.stdout
    assert "Running the code" not in second.stdout
    assert results(project, "index.html") + results(project, "new/index.html") == before
    # Run anew where it stands now, a block that prints its own traceback prints the same.
    for entry in (tmp_path / ".cache" / "pages").iterdir():
        entry.unlink()
    assert "Running the code of 2 pages" in project.build().stdout
    assert results(project, "index.html") == before[:1]


def test_processor_threads_language_and_packages_run_a_page_again(tmp_path):
    project = course(tmp_path, {})

    def runs(**environment: str) -> bool:
        """Whether the page had to run."""
        result = project.run("snippets", "run", **environment)
        assert result.returncode == 0, result.stdout
        return bool(re.search(r" s  docs/index\.md$", result.stdout, re.M))

    project.write("packages/x-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: x\nVersion: 1.0\n")
    here = os.environ.get("PYTHONPATH", "")
    assert runs()
    assert not runs()
    assert not runs(PYTHONPATH=os.pathsep.join([str(tmp_path / "docs"), here]))
    for environment in (
        {"ATEN_CPU_CAPABILITY": "default"},
        {"SNIPPETS_TORCH_THREADS": "2"},
        {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        {"PYTHONPATH": os.pathsep.join([str(tmp_path / "packages"), here])},
    ):
        assert runs(**environment), environment
    assert not runs()


def test_a_lab_with_no_store_to_write_to_is_built_all_the_same(tmp_path):
    project = course(tmp_path, {"labs/lab": lab("40 + 2")})
    project.write(".cache", "a file in its place")
    result = project.build()
    assert result.returncode == 0, result.stdout
    assert "outputs are not kept" in result.stdout
    assert results(project, "labs/lab/index.html") == ["42"]


# A site is published whole or not at all.


HOOK_THAT_WARNS = """
import logging

def on_files(files, config):
    logging.getLogger("mkdocs.plugins.hook").warning("mind this")
"""


def test_strict_counts_the_warnings_of_mkdocs_even_when_quiet(tmp_path):
    project = course(tmp_path, {}, SETTINGS + "hooks: [hook.py]\n")
    project.write("hook.py", "")
    assert project.build("-q", "--strict").returncode == 0
    before = pages_of(project)
    assert before
    project.page("more", GOOD)
    project.write("hook.py", HOOK_THAT_WARNS)
    for flags in (("-q", "--strict"), ("--strict",)):
        result = project.build(*flags)
        assert result.returncode == 1, flags
        assert "strict mode" in result.stdout, flags
        assert "mind this" in result.stdout, flags
        assert pages_of(project) == before, flags
        assert not list(tmp_path.glob(".site-*")), flags
    assert project.build().returncode == 0
    assert pages_of(project).keys() > before.keys()


def test_a_site_that_is_a_link_stays_one_and_its_target_gets_the_new_site(tmp_path):
    project = course(tmp_path, {})
    target = tmp_path / "served" / "here"
    target.mkdir(parents=True)
    (target / "old.html").write_text("old", encoding="utf-8")
    (tmp_path / "site").symlink_to(target)
    result = project.build("-q")
    assert result.returncode == 0, result.stdout
    assert (tmp_path / "site").is_symlink()
    assert (target / "index.html").is_file()
    assert not (target / "old.html").exists()
    assert sorted(path.name for path in target.parent.iterdir()) == ["here"]


def test_what_is_deployed_is_the_whole_site(tmp_path):
    project = course(tmp_path, {})
    who = {f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q", "--bare", "remote"], check=True)
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "remote", "add", "origin", str(tmp_path / "remote")], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True, env={**os.environ, **who})
    result = project.run("mkdocs", "gh-deploy", **who)
    assert result.returncode == 0, result.stdout
    command = ["git", "-C", str(tmp_path / "remote"), "show", "gh-pages:index.html"]
    assert (
        subprocess.run(command, check=True, capture_output=True).stdout == (tmp_path / "site/index.html").read_bytes()
    )


def test_a_site_of_other_addresses_is_refused_in_words(tmp_path):
    result = course(tmp_path, {}, SETTINGS + "use_directory_urls: false\n").build()
    assert result.returncode == 1
    assert "it needs use_directory_urls: true" in result.stdout
    assert not (tmp_path / "site").exists()


def test_a_notebook_of_no_page_is_refused_in_words(tmp_path):
    result = course(tmp_path, {}, SETTINGS + "      notebooks: {nb.ipynb: labs/none.md}\n").build()
    assert result.returncode == 1
    assert "mkdocs.yml: the notebook nb.ipynb shows labs/none.md, and there is no such page" in result.stdout
    assert not (tmp_path / "site").exists()


def test_limits_changed_while_serving_take_effect(tmp_path):
    project = course(tmp_path, {"index": fence("import time\n\ntime.sleep(3)\nprint(40 + 2)")}, WAITS_LITTLE)
    with project.served("-q") as served:
        served.wait_for("", lambda text: "still running after 2 s by the clock" in text)
        project.write("mkdocs.yml", WAITS_LITTLE.replace("clock: 2", "clock: 600"))
        served.wait_for("", lambda text: "<samp>42</samp>" in text)


def test_an_output_that_differs_from_its_record_ends_a_strict_build(tmp_path):
    project = course(tmp_path, {"index": fence("40 + 2"), "other": fence("1")})
    assert project.run("snippets", "accept").returncode == 0
    assert project.build("--strict").returncode == 0
    project.page("index", fence("40 + 3"))
    (tmp_path / "tests" / "outputs" / "other.txt").unlink()
    for flags, code in (((), 0), (("--strict",), 1), (("-q", "--strict"), 1)):
        result = project.build(*flags)
        assert result.returncode == code, result.stdout
        assert "docs/index.md:4: the output differs from the record; if it is right, accept it with: " in result.stdout
        assert "docs/other.md:1: this page has no record yet; write it with: " in result.stdout

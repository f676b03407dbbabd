"""`python -m snippets new`: a page that can be built and checked at once, one line more in nav, and nothing else touched."""

import re
from pathlib import Path

import html5lib
import pytest
from helpers.project import Project

from snippets.site.nav import NavError, with_page

SETTINGS = """\
# What this course is called.
site_name:   "A course"
site_url: !ENV [SITE_URL, ""]
theme: {name: material, font: false}

nav:
  - Home: index.md
  - First steps:   # begin here
      - steps/one.md
      # The second is short.
      - Two: 'steps/two.md'   # not yet whole
      - practice/try.md

  - Second steps:
      - second/three.md
      - practice/more.md
  - To look up:
      - lookup/words.md

plugins:
  - search
  - snippets:
      glossary: lookup/words.md
      reference: [lookup]
  # the end
"""
PAGES = ["index", "steps/one", "steps/two", "practice/try", "second/three", "practice/more"]
WORDS = "# Words\n\n## Sum\n\nWhat addition gives.\n"


@pytest.fixture
def project(tmp_path) -> Project:
    return course(tmp_path, SETTINGS)


def course(folder: Path, settings: str) -> Project:
    project = Project(folder)
    project.write("mkdocs.yml", settings)
    for name in PAGES:
        project.page(name, "# A page\n\nWords.\n")
    project.page("lookup/words", WORDS)
    return project


def new(project: Project, *words: str) -> str:
    result = project.run("snippets", "new", *words)
    assert result.returncode == 0, result.stdout
    return result.stdout


def files(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.folder).as_posix(): path.read_bytes()
        for path in project.folder.rglob("*")
        if path.is_file() and ".cache" not in path.parts
    }


@pytest.mark.parametrize(
    ("words", "line", "title"),
    [
        (("lesson", "steps/small-sums"), "      - steps/small-sums.md", "Small sums"),
        (
            ("lab", "practice/small-sums", "--after", "steps/one.md"),
            "      - practice/small-sums.md",
            "Lab: Small sums",
        ),
    ],
    ids=["lesson", "lab"],
)
def test_a_new_page_is_whole_at_once(project, words, line, title):
    before = files(project)
    said = new(project, *words)
    after = files(project)
    page = f"docs/{words[1]}.md"
    record = f"tests/outputs/{words[1]}.txt"
    assert after.keys() - before.keys() == {page, record}
    assert {name for name in before if before[name] != after[name]} == {"mkdocs.yml"}
    lines = project.read("mkdocs.yml").splitlines()
    number = lines.index(line)
    assert lines[:number] + lines[number + 1 :] == SETTINGS.splitlines()
    assert lines[number - 1].strip() == ("- practice/try.md" if words[0] == "lesson" else "- steps/one.md")
    # What it says is so.
    assert f"mkdocs.yml:{number + 1}: added to nav, in the part First steps" in said
    for name in (page, record):
        assert name in said
    place = re.search(rf"{page}:(\d+)", said)
    assert place
    assert project.read(page).splitlines()[int(place[1]) - 1].startswith("description: ")
    # What it tells the author to do works.
    (command,) = re.findall(r"-m (snippets check \S+)", said)
    checked = project.run(*command.split())
    assert (checked.returncode, checked.stdout) == (0, f"holds  {page}\n")
    built = project.build("--strict")
    assert built.returncode == 0, built.stdout
    html = project.read(f"site/{words[1]}/index.html")
    parser = html5lib.HTMLParser()
    parser.parse(html)
    assert parser.errors == []
    assert re.search(rf'<h1 id="[\w-]+">{title}', html)
    assert '<meta name="description" content="One sentence on what' in html
    assert "<code>[term](../lookup/words.md#term)</code>" in html
    assert "{" not in re.sub("(?s)<(script|style|code|title|a)\\b.*?</\\1>", "", html.partition("<article")[2])


def test_a_lesson_has_what_a_lesson_has(project):
    new(project, "lesson", "steps/next")
    project.build()
    html = project.read("site/steps/next/index.html")
    for wanted in (
        '<div class="result">',
        '<figure class="plot">',
        "Solution</summary>",
        'class="right"',
        'class="wrong"',
    ):
        assert wanted in html
    assert "assert" not in html.partition("<article")[2].partition("</article>")[0]
    assert ">What you can do now<" in html


def test_a_lab_has_what_a_lab_has(project):
    new(project, "lab", "practice/next", "--after", "practice/more")
    project.build()
    html = project.read("site/practice/next/index.html")
    for wanted in ("Show a solution", '<figure class="plot">', "If you have time", "<samp>The numbers are in order."):
        assert wanted in html
    book = project.read("site/practice/next.ipynb")
    assert "# Write your code here." in book
    assert "sorted(numbers)" not in book


def test_a_part_that_is_not_there_is_begun(project):
    said = new(project, "lesson", "third-steps/four")
    before, after = SETTINGS.split("  - To look up:")
    added = "  - Third steps:\n      - third-steps/four.md\n"
    assert project.read("mkdocs.yml") == f"{before}{added}  - To look up:{after}"
    number = before.count("\n") + 2
    assert f'mkdocs.yml:{number}: added to nav in a new part, "Third steps"' in said
    assert project.build("--strict").returncode == 0


def test_a_course_without_nav_shows_the_page_by_itself(tmp_path):
    settings = "site_name: A course\nplugins: [snippets]\n"
    project = course(tmp_path, settings)
    said = new(project, "lesson", "docs/steps/four.md")  # as the shell completes it
    assert project.read("mkdocs.yml") == settings
    assert "mkdocs.yml: unchanged; it has no nav" in said
    assert project.build("--strict").returncode == 0
    assert "four" in project.read("site/index.html")


REFUSED = {
    "it exists": (("lesson", "steps/one"), "docs/steps/one.md exists already\n"),
    "uppercase": (("lesson", "steps/Four"), "steps/Four: write PART/NAME in lowercase letters, digits and hyphens"),
    "a space": (("lesson", "steps/a b"), "steps/a b: write PART/NAME in lowercase letters, digits and hyphens"),
    "outside": (("lesson", "../four"), "../four: write PART/NAME in lowercase letters, digits and hyphens"),
    "no name": (("lab", "steps/"), "steps/: write PART/NAME in lowercase letters, digits and hyphens"),
    "two parts": (
        ("lab", "practice/four"),
        "the pages of practice stand in several parts of nav (First steps, Second steps): say where with --after PAGE",
    ),
    "after nothing": (("lab", "practice/four", "--after", "steps/x"), "mkdocs.yml: there is no steps/x.md in nav"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_said_in_one_sentence_and_changes_nothing(project, case):
    words, sentence = REFUSED[case]
    before = files(project)
    result = project.run("snippets", "new", *words)
    assert result.returncode == 2
    assert result.stdout.startswith(sentence)
    assert result.stdout.count("\n") == 1
    assert files(project) == before


def test_the_help_names_what_it_takes(project):
    said = project.run("snippets", "new", "--help").stdout
    for word in ("lesson", "lab", "PART/NAME", "--after"):
        assert word in said


NAVS = {
    "not indented": (
        "nav:\n- index.md\n- T:\n  - t/a.md\nextra: 1\n",
        "t/b.md",
        "nav:\n- index.md\n- T:\n  - t/a.md\n  - t/b.md\nextra: 1\n",
    ),
    "the end of the file": ("nav:\n  - T:\n      - t/a.md", "t/b.md", "nav:\n  - T:\n      - t/a.md\n      - t/b.md"),
    "Windows line ends": (
        "a: 1\r\nnav:\r\n  - T:\r\n      - t/a.md\r\n",
        "t/b.md",
        "a: 1\r\nnav:\r\n  - T:\r\n      - t/a.md\r\n      - t/b.md\r\n",
    ),
    "in one line": ("nav: [index.md, {T: [t/a.md]}] # x\n", "t/b.md", "nav: [index.md, {T: [t/a.md, t/b.md]}] # x\n"),
    "in one line, a new part": (
        "nav: [index.md, {T: [t/a.md]}]\n",
        "u/b.md",
        "nav: [index.md, {T: [t/a.md]}, U: [u/b.md]]\n",
    ),
    "a part in a part": (
        "nav:\n  - T:\n    - U:\n      - u/a.md\n    - t/b.md\n",
        "u/c.md",
        "nav:\n  - T:\n    - U:\n      - u/a.md\n      - u/c.md\n    - t/b.md\n",
    ),
    "a title that is no word in YAML": ("nav:\n- index.md\n", "on/a.md", 'nav:\n- index.md\n- "On":\n    - on/a.md\n'),
    "listed already": ("nav:\n  - index.md\n  - b.md\n", "b.md", "nav:\n  - index.md\n  - b.md\n"),
}


@pytest.mark.parametrize("case", NAVS)
def test_nav_is_added_to_as_it_is_written(case):
    before, page, after = NAVS[case]
    added = with_page(before, page, "", ())
    assert added
    assert added.text == after
    assert page in after.splitlines()[added.line - 1]


def test_a_nav_of_another_shape_is_left_to_its_author():
    with pytest.raises(NavError, match=r"add t/b\.md by hand"):
        with_page("nav:\n  - - t/a.md\n", "t/b.md", "", ())

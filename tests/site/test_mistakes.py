"""Every mistake in one course: one build names them all, once each, with file, line and what to do; so does one check."""

import re

import pytest
from helpers.project import GOOD, LAB, Project, fence

SETTINGS = """\
site_name: A course
theme: mkdocs
plugins:
  - snippets
nav:
  - index.md
  - Part:
      - good.md
      - tensor/first-steps.md
      - linked.md
not_in_nav: written/
"""
QUESTION = "/// question | What is `x`?\n\n//// {} | `1`\n\nSo.\n\n////\n\n///\n"
# Of each page its text, the line of its mistake, and what is said of it.
WRITTEN = {
    "markdown-image": (
        "# T\n\nText.\n\n![](x.png)\n",
        5,
        "an image without alternative text: say in words what it shows, between its brackets",
    ),
    "html-image": (
        "# T\n\n<p>\n<img\n src='x.png'>\n</p>\n",
        4,
        'alternative text: say in words what it shows, in alt="…"',
    ),
    "no-title": ("---\ndescription: d\n---\n\n## Part\n", 5, "the page has no title: begin it with a line `# Title`"),
    "colon": (
        "---\ndescription: Softmax: what it is.\n---\n# T\n",
        2,
        'is not YAML: .*put the text in double quotes: description: "Softmax: what it is."',
    ),
    "quote": (
        '---\ntitle: x\ndescription: "never closed\n---\n# T\n',
        3,
        "is not YAML: a quote or bracket that begins here never ends",
    ),
    "no-mapping": ("---\n- one\n- two\n---\n# T\n", 1, "the front matter holds no `name: value`"),
    "endless": ("---\ndescription: d\n\n# T\n", 1, "the front matter that begins here never ends"),
    "no-marks": ("description: d\n\n# T\n", 1, "MkDocs takes a first line like this for front matter.*description: d"),
    "no-text": ("---\ntitle: x\ndescription:\n---\n# T\n", 3, "the description is no text"),
    "plain": ("# T\n\n```\nimport torch\n```\n", 3, "names no language: write ```python so that it runs, or ```text"),
    "swallows": ("# T\n\n/// details | A\n\nx\n\n## More\n", 3, "/// details never ends"),
    "ends-nothing": ("# T\n\nx\n\n///\n", 5, "this /// ends nothing"),
    "no-bar": ("# T\n\n/// details Solution\n\nx\n\n///\n", 3, r"title stands behind a bar: /// details \| Solution"),
    "in-a-list": ("# T\n\n- x\n\n    /// details | A\n\n    y\n\n    ///\n", 5, "a fold stands at the left margin"),
    "no-right": ("# T\n\n" + QUESTION.format("wrong"), 3, r"a question without a right answer: write //// right \| …"),
    "no-prediction": (
        "# T\n\n" + QUESTION.format("right").replace("question", "predict") + "\nWords.\n\n```python\n1\n```\n",
        3,
        "a prediction stands right above the block whose output it asks for",
    ),
    "no-question": ("# T\n\n/// right | `1`\n\nSo.\n\n///\n", 3, r"is an answer, and stands within /// question \| …"),
    "no-words": ("# T\n\n" + QUESTION.replace(" | `1`", "").format("right"), 5, "an answer without words"),
    "no-lines": (fence("1", words='hl_lines="one"'), 3, "write numbers of lines and ranges of them"),
    "far-lines": (fence("1\n2", words='hl_lines="1-3"'), 3, 'hl_lines="1-3": the block has the lines 1 to 2'),
    "alt": (fence("1", words='alt="a "big" x"'), 3, 'a double quote ends alt="…" too soon: write single quotes inside'),
    "alt-open": (fence("1", words='alt="a big x'), 3, 'the double quote that begins alt="…" never ends'),
    "tab": (fence("if 1:\n    a = 1\n\tb = 2"), 6, "a tab in a Python block: use spaces"),
    "py": ("# T\n\n```py\n1\n```\n", 3, "write ```python in place of ```py, "),
    "tildes": ("# T\n\n~~~python\n1\n~~~\n", 3, "write ```python in place of ~~~python, and end the block with ```"),
    "four": ("# T\n\n````python\n1\n````\n", 3, "write ```python in place of ````python, and end the block with ```"),
    "latin-1": ("# T\n\nA word.\n\nA caf\udce9.\n", 5, "is not UTF-8: byte 0xe9 after 'A caf'; save the file as UTF-8"),
    "word": (fence("1", words="shown"), 3, "unknown word after python: shown"),
    "fold": ("# T\n\n/// detials | A\n\nx\n\n///\n", 3, "unknown fold: detials"),
    "unclosed": ("# T\n\n```python\n1\n\n## More\n", 3, "this block is never closed: end it with ```"),
}
# Of each link its text, and what is said of it; they stand on one page, a paragraph each.
LINKS = {
    "absolute": (
        "[x](/tensor/first-steps/)",
        "the link /tensor/first-steps/ is absolute.*write tensor/first-steps.md$",
    ),
    "bare": ("[x](tensor/first-steps)", "the link tensor/first-steps names no file: write tensor/first-steps.md$"),
    "with-anchor": ("[x](../tensor/first-steps/#a)", "names no file: write tensor/first-steps.md#a$"),
    "html": ("[x](good.html)", "the link good.html names no file: write good.md$"),
    "elsewhere": (
        "[x](first-steps.md)",
        "leads nowhere: there is no docs/first-steps.md; did you mean tensor/first-steps.md[?]$",
    ),
    "misspelled": (
        "[x](tensor/frist-steps.md#a)",
        "leads nowhere: there is no docs/tensor/frist-steps.md; did you mean tensor/first-steps.md#a[?]$",
    ),
    "unlike": ("[x](none-at-all.md)", "the link none-at-all.md leads nowhere: there is no docs/none-at-all.md$"),
    "by-name": (
        "[x][name]\n\n[name]: godo.md",
        "the link godo.md leads nowhere: there is no docs/godo.md; did you mean good.md[?]$",
    ),
    "anchor": (
        "[x](good.md#goood)",
        "the link good.md#goood leads nowhere: the page has no #goood; did you mean #good[?]$",
    ),
    "own-anchor": ("[x](#lnks)", "the link #lnks leads nowhere: the page has no #lnks; did you mean #links[?]$"),
    "picture": ("![a picture](pictures/markk.svg)", "leads nowhere; did you mean pictures/mark.svg[?]$"),
    "in-html": ('<a href="good.md">x</a>', r"relative to the page's own; write \[text\]\(good.md\)$"),
}
FORMULA = "$\\alpa$"


def linked() -> tuple[str, dict[str, int]]:
    """The page of all links, and the line of each."""
    text, lines = "# Links\n\n", {}
    for name, (link, _) in LINKS.items():
        lines[name] = text.count("\n") + 1 + link.count("\n")
        text += f"{link}\n\n"
    return text, lines


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Project:
    project = Project(tmp_path_factory.mktemp("mistakes"))
    project.write("mkdocs.yml", SETTINGS.replace("good.md\n", "good.md\n      - tensor/gone.md\n", 1))
    project.page("good", GOOD)
    project.page("tensor/first-steps", "# First steps\n\n## A\n\nWords.\n")
    project.page("tensor/alone", "# In no menu\n\nWords.\n")
    project.page("linked", linked()[0])
    project.page("written/formula", f"# T\n\n{FORMULA}\n")
    project.write("docs/pictures/mark.svg", '<svg xmlns="http://www.w3.org/2000/svg"></svg>\n')
    for name, (text, *_) in WRITTEN.items():
        project.page(f"written/{name}", "").write_bytes(text.encode("utf-8", "surrogateescape"))
    return project


@pytest.fixture(scope="module")
def built(course) -> str:
    result = course.build()
    assert result.returncode == 1, result.stdout
    assert not (course.folder / "site").exists()
    assert "Traceback" not in result.stdout
    return result.stdout


def said_of(place: str, said: str) -> str:
    """The one sentence that is said of a place."""
    (sentence,) = re.findall(rf"(?:^|(?<= )){re.escape(place)}: (.*)$", said, re.M)
    return sentence


@pytest.mark.parametrize("name", WRITTEN)
def test_a_build_says_what_is_written_wrong(built, name):
    _, line, said = WRITTEN[name]
    assert re.search(said, said_of(f"docs/written/{name}.md:{line}", built))
    assert built.count(f"written/{name}.md") == 1


@pytest.mark.parametrize("name", LINKS)
def test_a_build_says_what_is_wrong_with_a_link(built, name):
    assert re.search(LINKS[name][1], said_of(f"docs/linked.md:{linked()[1][name]}", built))


def test_a_build_says_of_nothing_else(built):
    places = re.findall(r"(?:^|(?<= ))((?:docs/|mkdocs\.yml)[\w./-]*:\d+): ", built, re.M)
    named = {f"docs/written/{name}.md:{line}" for name, (_, line, _) in WRITTEN.items()}
    named |= {f"docs/linked.md:{line}" for line in linked()[1].values()}
    others = {"mkdocs.yml:9", "docs/tensor/alone.md:1", "docs/written/formula.md:3"}
    assert sorted(places) == sorted(named | others)


def test_a_build_says_what_the_menu_lacks(built):
    said = said_of("mkdocs.yml:9", built)
    assert said == "`nav` names tensor/gone.md, which is not in docs; take the line out, or write the page"
    assert "this page is not in `nav` of mkdocs.yml: add it there" in said_of("docs/tensor/alone.md:1", built)
    assert built.count("tensor/gone.md") == built.count("tensor/alone.md") == 1


def test_a_check_says_what_is_written_wrong(course):
    result = course.check("-p", "no:cacheprovider")
    assert result.returncode == 1
    assert "Traceback" not in result.stdout
    reports = result.stdout.partition("= FAILURES =")[2].partition("= pages that do not hold =")[0]
    for name, (_, line, said) in WRITTEN.items():
        assert re.search(said, said_of(f"docs/written/{name}.md:{line}", reports)), name


def test_all_mistakes_of_one_page_are_named(project):
    project.page("index", "![](x.png)\n\n```py\n1\n```\n\n///\n\n" + fence("1", words="shown", title=""))
    said = project.build().stdout
    found = re.findall(r"(?:^|(?<= ))docs/index\.md:(\d+): ", said, re.M)
    assert found == ["1", "1", "3", "7", "9"]  # no title, and an image, in line 1


def test_a_menu_may_leave_pages_out_on_purpose(project):
    settings = SETTINGS.partition("nav:")[0] + "nav: [index.md]\n"
    project.page("other", GOOD)
    for more in ("not_in_nav: other.md\n", "validation: {nav: {omitted_files: ignore}}\n"):
        project.write("mkdocs.yml", settings + more)
        result = project.build("--strict")
        assert result.returncode == 0, result.stdout
        assert (project.folder / "site" / "other" / "index.html").is_file()


def test_links_from_the_top_of_docs_where_mkdocs_is_told_so(project):
    settings = SETTINGS.partition("nav:")[0] + "validation: {links: {absolute_links: relative_to_docs}}\n"
    project.write("mkdocs.yml", settings)
    project.page("part/one", "# One\n\n[two](/part/two.md#two) and [home](/index.md)\n")
    project.page("part/two", "# Two\n\n[gone](/part/twoo.md)\n")
    result = project.build()
    assert re.findall(r"docs/part/\w+\.md:\d+.*", result.stdout) == [
        "docs/part/two.md:3: the link /part/twoo.md leads nowhere: there is no docs/part/twoo.md; did you mean two.md?"
    ]
    project.page("part/two", "# Two\n\nWords.\n")
    assert project.build("--strict").returncode == 0
    assert "[two](two.md#two) and [home](../index.md)" in project.read("site/part/one.md")


WINDOWS_LAB = LAB + "Text, and $x^2$.\n\n" + fence("40 + 2", title="")


def test_a_course_with_windows_line_ends_throughout(project):
    settings = SETTINGS.partition("nav:")[0] + "nav:\n  - index.md\n  - labs/lab.md\n"
    pages = {
        "index": "---\ndescription: a text\n---\n\n# Home\n\n[lab](labs/lab.md)\n\n"
        + fence("x = '''a\n\nb'''\nprint(len(x))", title="")
        + "\n"
        + fence("", words='program="shows.py"', title="")
        + "\n/// details | A\n\nx\n\n///\n\n"
        + QUESTION.format("right"),
        "labs/lab": WINDOWS_LAB,
    }
    project.write("programs/shows.py", 'print("""a\nb""")\n')
    project.write("mkdocs.yml", settings)
    for name, text in pages.items():
        project.page(name, text)
    assert project.check("--update-outputs").returncode == 0

    def published() -> dict[str, str]:
        files = sorted(
            path for path in (project.folder / "site").rglob("*") if path.suffix in (".html", ".md", ".ipynb")
        )
        return {path.name: path.read_text(encoding="utf-8") for path in files}

    assert project.build("--strict").returncode == 0
    before = published()
    changed = [*(project.folder / "docs").rglob("*.md"), *project.folder.rglob("*.txt")]
    for path in [*changed, project.folder / "mkdocs.yml", project.folder / "programs" / "shows.py"]:
        text = path.read_bytes()
        assert b"\r" not in text
        path.write_bytes(text.replace(b"\n", b"\r\n"))
    built = project.build("--strict")
    assert built.returncode == 0, built.stdout
    assert "Running" not in built.stdout
    assert "record" not in built.stdout
    assert published() == before
    checked = project.check()
    assert checked.returncode == 0, checked.stdout
    assert project.check("--update-outputs").returncode == 0

"""mkdocs build on bad input: it ends non-zero, names the line, and leaves the last good site as it was."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from helpers.project import GOOD, LAB, Project, fence

# All of these stand in one course. A build names all that cannot run, and when nothing is left of that, all that cannot be
# shown; PAGE stands for the page's name.
CANNOT_RUN = {
    "raises": (fence("x = 1\nx / 0"), "docs/PAGE.md:5: .*ZeroDivisionError: division by zero"),
    "syntax error": (fence("x = ("), "docs/PAGE.md:4: .*SyntaxError"),
    "sys.exit": (fence("import sys\n\nsys.exit(0)"), "docs/PAGE.md:4: .*SystemExit.0."),
    "os._exit": (fence("import os\n\nos._exit(0)"), "docs/PAGE.md:4: .*exit code 0"),
    "endless": (fence("while True:\n    pass"), "docs/PAGE.md:4: .*still running after .* s of processor time; 3 is"),
    "killed": (fence("import os\n\nos.kill(os.getpid(), 9)"), "docs/PAGE.md:4: .*killed by SIGKILL"),
    "too much": (fence("print('x' * 100_001)"), "docs/PAGE.md:4: .*more than 100 kB of output"),
    "word": (fence("1", words="shown"), "docs/PAGE.md:3: unknown word after python: shown"),
    "not raised": (fence("1", words="raises"), "docs/PAGE.md:4: .*nothing was raised"),
    "warning": (
        fence("import warnings\n\nwarnings.warn('old')"),
        "docs/PAGE.md:4: .*UserWarning: old",
    ),
    "no alt": (
        fence("import matplotlib.pyplot as plt\n\n_ = plt.plot([1])"),
        "docs/PAGE.md:4: .*alt=",
    ),
    "unclosed": ("# T\n\n```python\n1\n", "docs/PAGE.md:3: this block is never closed"),
    "indented": ("# T\n\n- a\n\n    ```python\n    1\n    ```\n", "docs/PAGE.md:5: .*left margin"),
    "comment": ("# T\n\n<!--\n```python\n1\n```\n-->\n", "docs/PAGE.md:4: .*comment"),
    "lab": (LAB + "```python\n1 / 0\n```\n", r"docs/PAGE.md:12: .*ZeroDivisionError"),
    "fold": ("# T\n\n/// detials | Solution\n\nx\n\n///\n", "docs/PAGE.md:3: unknown fold: detials"),
    "explorable": (
        '# T\n\n```python check explore="none"\nprint(1)\n```\n',
        r"docs/PAGE.md:3: no explorable none\.js in docs/assets/explore .there are: descent\.js, ",
    ),
    "quotes": (fence("1", words="alt=x"), "docs/PAGE.md:3: .*double quotes"),
}
CANNOT_BE_SHOWN = {
    "link": ("# T\n\ntext\n\n[a](none.md)\n", "docs/PAGE.md:5: the link none.md leads nowhere"),
    "formula": ("# T\n\n$$\nx_\n$$\n", "docs/PAGE.md:4: the formula x_ cannot be read"),
    "brace": ("# T\n\na $\\frac{1$ b\n", "docs/PAGE.md:3: the formula .*brace"),
    "command": ("# T\n\na $\\alpa$ b\n", "docs/PAGE.md:3: .*unknown command"),
    "anchor": ("# T\n\n[a](index.md#none)\n", "docs/PAGE.md:3: the link .*#none leads nowhere"),
}


def name_of(case: str) -> str:
    return ("labs/" if case == "lab" else "") + re.sub(r"\W", "-", case)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a build says, and what it says when it is to be quiet, of each of the two groups; the site stays as it was."""
    project = Project(tmp_path_factory.mktemp("built"), seconds=3)
    result = project.build()
    assert result.returncode == 0, result.stdout
    before = pages_of(project)
    assert before
    found = {}
    for cases in (CANNOT_RUN, CANNOT_BE_SHOWN):
        written = [project.page(name_of(case), text) for case, (text, _) in cases.items()]
        results = [project.build(), project.build("-q")]
        for result in results:
            assert result.returncode == 1, result.stdout
            assert "Aborted" not in result.stdout  # its reasons are the last that is said
        assert pages_of(project) == before
        assert not list(project.folder.glob(".site-*"))
        for page in written:
            page.unlink()
        found |= {key: [result.stdout for result in results] for key in cases}
    assert project.build().returncode == 0
    return found


def pages_of(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (project.folder / "site").rglob("*.html")}


@pytest.mark.parametrize("case", [*CANNOT_RUN, *CANNOT_BE_SHOWN])
def test_a_bad_page_never_becomes_a_site(said, case):
    report = (CANNOT_RUN | CANNOT_BE_SHOWN)[case][1].replace("PAGE", name_of(case))
    for text in said[case]:
        one = [part for part in re.split(r"(?<=\n)(?=docs/)|(?<=  )(?=docs/)", text) if f"{name_of(case)}.md:" in part]
        assert any(re.match(report, part, re.S) for part in one), text
        assert text.count(report.partition(" ")[0]) == 1, text  # one mistake is said once


def test_output_that_looks_like_html_is_shown(project):
    project.page(
        "index", "# T\n\n```python\nprint('<script>alert(1)</script>````````', '&amp;', chr(0), chr(27))\n```\n"
    )
    assert project.build().returncode == 0
    html = project.read("site/index.html")
    assert r"&lt;script&gt;alert(1)&lt;/script&gt;```````` &amp;amp; \x00 \x1b" in html


def test_words_shape_what_is_shown(project):
    page = '# T\n\n```python fold title="a file"\na = 1\na\n```\n\n```python check\nassert a == 1\n```\n\n'
    page += "```python raises\nint('x')\n```\n\n```python notest\n# needs a GPU\na.cuda()\n```\n"
    project.page("index", page)
    assert project.build().returncode == 0
    html = project.read("site/index.html")
    assert re.search(r"<details class=\"fold\"><summary>Show the code</summary>.*a file.*</details>", html, re.S)
    assert "assert" not in html.split("<article")[1].split("</article")[0]
    assert '<pre class="output error" tabindex="0"><samp>ValueError: invalid literal' in html
    assert '<div class="snippet notest">' in html


def test_a_rebuild_imports_no_torch(project):
    project.page("index", fence("import torch\n\ntorch.ones(2)"))
    assert project.build().returncode == 0
    code = "import sys, mkdocs.__main__ as m\ntry: m.cli(['build', '-q'])\nexcept SystemExit: pass\nprint('torch' in sys.modules)"
    again = subprocess.run([sys.executable, "-c", code], cwd=project.folder, capture_output=True, text=True, check=True)
    assert again.stdout.split() == ["False"]


def test_two_builds_at_once_both_succeed(project):
    for number in range(4):
        project.page(f"page{number}", GOOD)
    with ThreadPoolExecutor() as pool:
        for result in pool.map(lambda _: project.build(), range(2)):
            assert result.returncode == 0, result.stdout
    assert "<pre" in project.read("site/page3/index.html")
    assert not list(project.folder.glob(".site-*"))


def test_a_page_has_a_notebook_with_its_outputs(project):
    page = '---\ndescription: d\n---\n# T\n\n```python alt="a line"\nimport matplotlib.pyplot as plt\n\n_ = plt.plot([1, 2])\n'
    page += "```\n\n/// details | Solution\n\n```python\nprint(1)\n2\n```\n\n///\n\n```python check\nassert True\n```\n\nThe end.\n"
    project.page("index", page)
    assert project.build().returncode == 0
    notebook = json.loads(project.read("site/index.ipynb"))
    nbformat.validate(notebook)
    cells = notebook["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code", "markdown", "code", "markdown"]
    assert cells[0]["source"] == ["# T"]
    assert "image/svg+xml" in cells[1]["outputs"][0]["data"]
    assert cells[2]["source"] == ["**Solution**"]
    assert [output["output_type"] for output in cells[3]["outputs"]] == ["stream", "execute_result"]
    assert cells[4]["source"] == ["The end."]

"""The engine serves any course: a folder with ten lines of settings and a page, and no part of this one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from helpers.project import python_m

SETTINGS = """\
site_name: A course
theme: material
plugins:
  - search
  - snippets
markdown_extensions:
  - tables
"""
PAGE = """\
# First page

Some words, and a formula: $x^2$.

```python
print("from print")
6 * 7
```

```python alt="a line that rises"
import matplotlib.pyplot as plt

plt.plot([1, 2])
plt.show()
```

/// details | Solution

```python
[1, 2][0]
```

///

| a | b |
|---|---|
| 1 | 2 |
"""
ENGINE = "snippets.pages", "snippets.run", "snippets.check.check"


class Folder:
    """An empty folder with a course, or another site, in it."""

    def __init__(self, root: Path, settings: str = SETTINGS) -> None:
        self.root = root
        (root / "docs").mkdir()
        self.write("mkdocs.yml", settings)
        self.write("docs/index.md", PAGE)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def run(self, *command: str) -> tuple[int, str]:
        result = python_m(self.root, *command)
        return result.returncode, result.stdout


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_a_course_is_built(folder):
    code, said = folder.run("mkdocs", "build", "--strict")
    assert code == 0, said
    page = BeautifulSoup(folder.read("site/index.html"), "html.parser")
    texts = [pre.get_text() for pre in page.select("div.result pre")]
    assert texts == ["from print\n42", "1"]
    assert page.select_one("figure.plot svg")["aria-label"] == "a line that rises"
    assert page.select_one("details summary").get_text() == "Solution"
    assert page.select_one("details .result").get_text() == "1"
    assert page.select_one(".formula math msup")
    assert page.select_one("table td").get_text() == "1"
    cells = json.loads(folder.read("site/index.ipynb"))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code", "code", "markdown", "code", "markdown"]
    assert "[Figure: a line that rises]" in folder.read("site/index.md")
    assert sorted(path.name for path in folder.root.iterdir()) == [".cache", "docs", "mkdocs.yml", "site"]


def test_a_course_is_checked(folder):
    code, said = folder.run("pytest")
    assert code == 1
    assert "docs/index.md has no record tests/outputs/index.txt" in said
    code, said = folder.run("pytest", "--update-outputs")
    assert code == 0, said
    code, said = folder.run("pytest")
    assert code == 0, said
    assert "5 passed" in said
    assert re.search(r"^print.*\n    from print\n    42$", folder.read("tests/outputs/index.txt"), re.M)


def test_a_course_needs_neither_mkdocs_nor_pytest(folder):
    folder.write("docs/index.md", PAGE.partition("```python alt")[0])
    code, said = folder.run("snippets", "run")
    assert code == 0, said
    assert 'docs/index.md:6: print("from print")\n    from print\n    42\n' in said
    assert folder.run("snippets", "check")[0] == 1
    code, said = folder.run("snippets", "accept", "docs/index.md")
    assert (code, "recorded  docs/index.md" in said) == (0, True), said
    code, said = folder.run("snippets", "check")
    assert (code, said) == (0, "holds  docs/index.md\n")


def test_an_unknown_option_is_refused_by_each(tmp_path):
    folder = Folder(tmp_path, SETTINGS.replace("- snippets\n", "- snippets:\n      second: 5\n"))
    for command in (("mkdocs", "build", "--strict"), ("pytest",), ("snippets", "check")):
        code, said = folder.run(*command)
        assert code != 0, command
        assert "second" in said, command
        assert "Traceback" not in said, command
        if command[0] != "mkdocs":
            assert "unknown option of snippets: second (known: " in said
    assert not (tmp_path / "site").exists()


CONFTEST = """\
import sys

def pytest_unconfigure(config):
    print("loaded", sorted(name for name in sys.modules if name.startswith("snippets.")))
"""


@pytest.mark.parametrize("settings", [SETTINGS.replace("  - snippets\n", ""), None], ids=["another site", "no site"])
def test_pytest_is_left_alone_elsewhere(tmp_path, settings):
    folder = Folder(tmp_path, settings or "")
    if settings is None:
        (tmp_path / "mkdocs.yml").unlink()
    folder.write("conftest.py", CONFTEST)
    folder.write("test_one.py", "def test_one():\n    pass\n")
    code, said = folder.run("pytest", "-v")
    assert code == 0, said
    assert "collected 1 item" in said
    loaded = "['snippets.check', 'snippets.check.plugin'" + (", 'snippets.pages'" if settings else "]")
    assert f"loaded {loaded}" in said
    assert "snippets.run" not in said


def test_the_core_brings_in_no_tool_that_uses_it():
    code = "import sys\n" + "\n".join(f"import {name}" for name in ENGINE)
    code += "\nprint([name for name in ('mkdocs', 'pytest', 'markdown', 'torch', 'matplotlib') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

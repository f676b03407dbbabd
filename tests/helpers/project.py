"""A small copy of the project for tests that break it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.waiting import HANGS, QUIET, Served

ROOT = Path(__file__).parents[2]
GOOD = "# Good\n\n```python\nprint(1 + 1)\n```\n"
LAB = "---\njupyter:\n  kernelspec:\n    display_name: Python 3\n    language: python\n    name: python3\n---\n\n# Lab\n\n"


def fence(*sources: str, words: str = "", title: str = "# T\n\n") -> str:
    """A page of one block for each source."""
    return title + "\n".join(f"```python {words}".rstrip() + f"\n{source}\n```\n" for source in sources)


def python_m(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a module in `folder`; all that it writes is in `stdout`."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **QUIET, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=HANGS,
    )


class Project:
    """A site with the real mkdocs.yml and pages of the test's own, in a folder that may be broken."""

    def __init__(self, folder: Path, seconds: float = 60, whole: bool = False) -> None:
        """A page may run for `seconds`; `whole` brings the real pages and their store, so that nothing has to run."""
        self.folder = folder
        text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
        if not whole:
            text = re.sub(r"^nav:\n(?: .*\n|\n)*", "", text, flags=re.M)
            text = re.sub(r"^      notebooks:\n(?:        .*\n)*", "", text, flags=re.M)
            # Without a notebook it does nothing, and takes longer to load than a small site to build.
            text = re.sub(r"^  - mkdocs-jupyter:\n(?:      .*\n)*", "", text, flags=re.M)
        text = text.replace("snippets/", f"{ROOT.as_posix()}/snippets/")
        text = text.replace("  - snippets:\n", f"  - snippets:\n      seconds: {seconds}\n")
        assert f"seconds: {seconds}" in text
        self.write("mkdocs.yml", text)
        self.write("pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        shutil.copytree(ROOT / "docs" / ("" if whole else "assets"), folder / "docs" / ("" if whole else "assets"))
        if whole:
            shutil.copytree(ROOT / ".cache", folder / ".cache")
        else:
            self.page("index", GOOD)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def page(self, name: str, text: str) -> Path:
        return self.write(f"docs/{name}.md", text)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return python_m(self.folder, *command, **environment)

    def build(self, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("mkdocs", "build", *flags, **environment)

    def served(self, *flags: str) -> Served:
        """`mkdocs serve` on it, while a `with` block lasts."""
        return Served(self.folder, *flags, log=self.folder / "serve.log")

    def check(self, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("pytest", "-q", "docs", *flags, **environment)

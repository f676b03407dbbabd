"""A small copy of the project for tests that break it, and the site of the real one, built once."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = "# Good\n\n```python\nprint(1 + 1)\n```\n"


class Project:
    """A site with the real mkdocs.yml and pages of the test's own, in a folder that may be broken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
        text = re.sub(r"^nav:\n(?: .*\n|\n)*", "", text, flags=re.M)
        text = text.replace("snippets/", f"{ROOT.as_posix()}/snippets/")
        text = re.sub(r"page_seconds: \d+", "page_seconds: 3", text)
        self.write("mkdocs.yml", text)
        self.write("pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        for asset in (ROOT / "docs" / "assets").glob("*.*"):
            (folder / "docs" / "assets").mkdir(parents=True, exist_ok=True)
            (folder / "docs" / "assets" / asset.name).write_bytes(asset.read_bytes())
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
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=240,
        )

    def build(self, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("mkdocs", "build", *flags, **environment)

    def check(self, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("pytest", "-q", "docs", *flags, **environment)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built strictly into a folder of its own."""
    folder = tmp_path_factory.mktemp("real") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture(scope="session")
def run_page() -> Callable[..., object]:
    """Runs a page's text as the site does and returns its Result."""
    from snippets.page import Page
    from snippets.runner import Runner

    runners: dict[float, Runner] = {}

    def run(text: str, seconds: float = 20):
        runner = runners.setdefault(seconds, Runner(seconds))
        return runner.run(Page.parse("docs/test.md", text))

    return run

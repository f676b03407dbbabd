"""Other generators than MkDocs: the same pages, or pages with their outputs, or an error; never code without outputs."""

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from helpers.course import COURSE, LABS, LESSONS, page_of, path_of
from helpers.project import ROOT, Project, python_m

GENERATOR = re.compile(rb'<meta name="generator" content="[^"]*">')


def pages_of(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): GENERATOR.sub(b"", path.read_bytes())
        for path in site.rglob("*")
        if path.suffix in (".html", ".ipynb", ".md", ".txt")
    }


def test_properdocs_builds_the_same_site(site, tmp_path):
    built = python_m(ROOT, "properdocs", "build", "-f", "mkdocs.yml", "-d", str(tmp_path / "site"))
    assert built.returncode == 0, built.stdout
    assert b"ProperDocs" in (tmp_path / "site" / "index.html").read_bytes()
    expected, found = pages_of(site), pages_of(tmp_path / "site")
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []


@pytest.fixture(scope="module")
def in_zensical(site, tmp_path_factory) -> Path:
    """The course as Zensical builds it, which knows the Markdown extension and passes over the plugin; `site` ran all pages."""
    folder = tmp_path_factory.mktemp("zensical")
    for name in ("docs", COURSE.programs, ".cache/pages"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    built = python_m(folder, "zensical", "build")
    assert built.returncode == 0, built.stdout
    return folder / "site"


@pytest.mark.parametrize("page", [*LESSONS, *LABS])
def test_zensical_shows_the_outputs(in_zensical, site, page):
    def outputs(folder: Path) -> list[str]:
        html = (folder / path_of(page) / "index.html").read_text(encoding="utf-8")
        return [result.get_text() for result in BeautifulSoup(html, "lxml").select(".snippet .result")]

    assert outputs(in_zensical) == outputs(site)
    assert bool(outputs(site)) == any(block.runs and not block.hidden for block in page_of(page).blocks)


def test_zensical_stops_at_a_block_that_fails(tmp_path):
    project = Project(tmp_path)
    project.page("index", "# T\n\n```python\n1 / 0\n```\n")
    built = project.run("zensical", "build")
    assert built.returncode != 0
    assert "docs/index.md:4" in built.stdout
    assert "ZeroDivisionError" in built.stdout
    assert not (tmp_path / "site" / "index.html").exists()


def test_without_the_extension_a_python_fence_is_not_taken_for_one_that_ran(tmp_path):
    """A generator that knows neither plugin nor extension says that it does not know the extension."""
    project = Project(tmp_path)
    settings = project.read("mkdocs.yml").replace("  - snippets\n", "  - snippets_of_nobody\n")
    project.write("mkdocs.yml", settings)
    built = project.run("zensical", "build")
    assert built.returncode != 0
    assert "snippets_of_nobody" in built.stdout

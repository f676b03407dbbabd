"""Conclusions that once stood in the course and hold for one seed only: other seeds must tell, or that no seed was tried.

Each page in `old_claims` is such a sentence, with the little code that computes what it is about.
"""

import re
from pathlib import Path

import pytest
from helpers.project import Project

OLD = sorted(Path(__file__).with_name("old_claims").glob("*.md"))


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> str:
    """What a check under other seeds says of all of them."""
    project = Project(tmp_path_factory.mktemp("old"))
    for path in OLD:
        project.page(path.stem, path.read_text(encoding="utf-8"))
    ran = project.run("pytest", "-q", "--reseed", "3")
    assert ran.returncode == 1
    return ran.stdout


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.stem)
def test_it_is_caught(said, path):
    claims = path.read_text(encoding="utf-8").count("\nassert ")
    caught = re.findall(
        rf"^docs/{re.escape(path.stem)}\.md:(\d+): this claim (?:fails in|compares the same)", said, re.M
    )
    assert len(set(caught)) == claims > 0, said

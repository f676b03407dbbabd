"""Claims on the site: what was held under other seeds is said under the title and behind the sentence, and nothing else is."""

import json
import re

import pytest
from helpers.project import GOOD, Project, fence

DRAW = "import random\n\nrandom.seed(0)\nx = [random.random() for _ in range(1000)]"
CLAIM = "```python claim\nassert 0.4 < sum(x) / 1000 < 0.6\nassert min(x) < 0.1\n```\n"


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("claimed"))
    project.page("draws", f"{fence(DRAW)}\nThe mean is near 0.5.\n\n{CLAIM}\nMore.\n")
    project.page(
        "reference/how-this-site-is-checked",
        "# Checked\n\n{{ claims }} claims\n\n| a | b | c | d | e |\n|---|---|---|---|---|\n{{ table }}\n",
    )
    accepted = project.check("--update-outputs")
    assert accepted.returncode == 0, accepted.stdout
    built = project.build()
    assert built.returncode == 0, built.stdout
    return project


def test_the_line_under_the_title_says_how_many_claims_held_under_how_many_seeds(claimed):
    html = claimed.read("site/draws/index.html")
    assert '<span class="claims">2 claims, held under 3 other seeds</span>' in html
    assert html.index("</h1>") < html.index('class="claims"')


def test_a_mark_behind_the_sentence_opens_the_assertion_and_what_it_compared(claimed):
    html = claimed.read("site/draws/index.html")
    mark = re.search(r'<p>The mean is near 0.5.</p>\s*<details class="claim">(.*?)</details>', html, re.S)[1]
    assert "<summary>held under 3 other seeds</summary>" in mark
    assert "<code>0.4 &lt; sum(x) / 1000 &lt; 0.6</code>" in mark
    assert re.findall(r"<li>(.*?): ", mark) == ["as written", "seeds +1000", "seeds +2000", "seeds +3000"] * 2
    assert "assert" not in html  # the block itself stays hidden


def test_the_page_on_checks_has_them_in_its_table(claimed):
    html = claimed.read("site/reference/how-this-site-is-checked/index.html")
    assert "2 claims" in html
    assert re.search(
        r'<td><a href="\.\./\.\./draws/">T</a></td>\s*<td>2</td>\s*<td>[\d.]+</td>\s*<td>2</td>\s*<td>3</td>', html
    )
    report = {one["page"]: one["claims"] for one in json.loads(claimed.read("site/build.json"))["pages"]}
    assert report == {"docs/draws.md": 2, "docs/index.md": 0}


def test_readers_of_other_forms_are_not_shown_the_assertion(claimed):
    for form in ("draws.md", "draws.ipynb", "llms-full.txt"):
        assert "assert" not in claimed.read(f"site/{form}"), form


def test_nothing_is_said_of_claims_that_were_not_held_since_the_page_changed(claimed, tmp_path):
    project = Project(tmp_path)
    project.page("index", GOOD)
    project.page("draws", claimed.read("docs/draws.md").replace("[random.random()", "[1 * random.random()"))
    project.write("tests/claims/draws.txt", claimed.read("tests/claims/draws.txt"))
    for name in ("draws", "index"):
        project.write(f"tests/outputs/{name}.txt", claimed.read(f"tests/outputs/{name}.txt"))
    built = project.build()
    assert built.returncode == 0
    assert (
        "docs/draws.md: since its blocks changed, its claims were not held under other seeds; do it with: "
        in built.stdout
    )
    html = project.read("site/draws/index.html")
    assert 'class="claim' not in html
    assert project.build("--strict").returncode == 1

"""Claims: held under other seeds, and no claim passes that seeds do not reach."""

import pytest
from helpers.course import COURSE
from helpers.project import LAB, Project, fence

from snippets.pages import Page, PageError

DRAW = "import random\n\nrandom.seed(0)\nx = [random.random() for _ in range(1000)]"
HOLDS = "assert 0.4 < sum(x) / 1000 < 0.6"
HERE = "assert x[0] > 0.5"  # with the seeds 0, 1000, 2000, 3000 the first number is 0.84, 0.78, 0.45, 0.64


def page(*claims: str, code: str = DRAW) -> str:
    return fence(code) + "".join(f"\n```python claim\n{claim}\n```\n" for claim in claims)


def held(project: Project, text: str, *flags: str) -> str:
    """What is said where the page is held under three other seeds."""
    project.page("index", text)
    project.check("--update-outputs")
    return project.run("pytest", "-q", "--reseed", "3", *flags).stdout


def test_a_claim_that_holds_under_other_seeds_passes(project):
    assert "2 passed" in held(project, page(HOLDS))
    assert project.check().returncode == 0


def test_one_that_does_not_is_named_with_the_seeds_and_what_was_compared(project):
    said = held(project, page(HOLDS, HERE))
    assert "docs/index.md:15: this claim fails in 1 of 4 runs: x[0] > 0.5" in said
    assert "seeds +2000  x[0] = 0.448457   fails" in said
    assert "as written   x[0] = 0.844422\n" in said
    assert "1 passed" in said  # the other claim


def test_a_claim_is_not_recorded_before_it_holds(project):
    project.page("index", page(HERE))
    said = project.check("--update-outputs")
    assert said.returncode == 1
    assert "this claim fails in 1 of 4 runs" in said.stdout
    assert not (project.folder / "tests/claims").exists()


@pytest.mark.parametrize(
    "code",
    [
        "import torch\n\n_ = torch.default_generator.manual_seed(0)\nx = torch.rand(1000).tolist()",
        "import random\n\nx = [n / 999 for n in range(1000)]\nrandom.seed(0)",
    ],
    ids=["set in a way that is not moved", "of no use"],
)
def test_a_claim_that_no_seed_reaches_is_named_and_so_is_its_page(project, code):
    said = held(project, page(HOLDS, code=code))
    assert "docs/index.md:11: this claim compares the same values whatever the seeds" in said
    assert "docs/index.md:4: the page sets a seed, and nothing on it is otherwise under another" in said


def test_a_page_without_claims_is_named_too_if_its_seed_moves_nothing(project):
    assert "docs/index.md:4: the page sets a seed" in held(project, page(code=f"{DRAW}\nlen(x)"))
    assert "1 passed" in held(project, page(code=f"{DRAW}\nmax(x)"))


def test_checks_are_about_the_page_as_it_is_written(project):
    project.page("index", page(HOLDS) + "\n```python check\nassert 0.84 < x[0] < 0.85\n```\n")
    assert project.check("--update-outputs").returncode == 0


def test_a_page_that_fails_under_another_seed_is_named(project):
    said = held(project, page(HOLDS, code=f"{DRAW}\nassert x[0] > 0.8"))
    assert "docs/index.md:8: this block failed (seeds +1000)" in said


def test_a_page_that_has_not_changed_does_not_run_again(project, tmp_path):
    log = tmp_path / "runs"
    code = f"{DRAW}\nwith open({str(log)!r}, 'a') as file:\n    _ = file.write('x')"
    held(project, page(HOLDS, code=code))
    runs = len(log.read_text())
    assert runs == 2 + 3  # as the site and as a reader; under other seeds
    assert project.run("pytest", "-q", "--reseed", "3").returncode == 0
    assert len(log.read_text()) == runs
    assert project.run("pytest", "-q", "--reseed", "4").returncode == 0
    assert len(log.read_text()) == runs + 1


def test_a_changed_page_asks_for_its_claims_to_be_held_again(project):
    held(project, page(HOLDS))
    project.page("index", page("assert 0.45 < sum(x) / 1000 < 0.55"))
    said = project.check().stdout
    assert "since its blocks changed, its claims were not held under other seeds; do it with: " in said
    assert project.check("--update-outputs").returncode == 0
    assert project.check().returncode == 0


def test_the_record_of_claims_that_are_gone_is_named(project):
    held(project, page(HOLDS))
    project.page("index", page())
    assert "tests/claims/index.txt: docs/index.md has no claims; remove the record" in project.check().stdout


def test_a_program_runs_under_other_seeds_too(project):
    program = "import random\n\nrandom.seed(0)\nprint(random.random())\n"
    project.write("snippets/programs/draw.py", program)
    text = project.read("mkdocs.yml")
    project.write(
        "mkdocs.yml", text.replace(text[text.index("programs: ") :].partition("\n")[0], "programs: snippets/programs")
    )
    assert "1 passed" in held(project, '# T\n\n```python program="draw.py"\n```\n')


def test_a_page_in_place_of_a_number_is_told(project):
    assert "how many seeds? (before a page: --reseed 3 docs)" in project.run("pytest", "--reseed", "docs").stdout


@pytest.mark.parametrize(
    ("claim", "why"),
    [("x = 1", "asserts something"), ("x = 1\nassert torch.equal(a, b)", "compares values")],
)
def test_what_claims_nothing_is_refused(claim, why):
    with pytest.raises(PageError, match=rf"docs/a.md:{3 + claim.count(chr(10)) + 1}: a claim {why}"):
        Page.parse("a.md", fence(claim, words="claim"), COURSE)


def test_a_lab_claims_by_a_tag():
    lab = Page.parse("a.md", LAB + fence("assert 1 < 2", words='tags=["claim"]'), COURSE)
    assert lab.blocks[0].claims == [(1, "1 < 2")]
    assert lab.blocks[0].hidden


def test_of_what_is_asserted_again_and_again_the_first_failure_is_shown(project):
    said = held(project, page("for one in x[:5]:\n    assert one < 0.8\nassert all(one > -1 for one in x)"))
    assert "this claim fails in 4 of 4 runs" not in said  # as it is written it has to hold, or the page fails
    assert "docs/index.md:11: this block failed" in said
    assert "this claim does not hold: one < 0.8\nwhere one = 0.844422" in said


def test_a_comparison_within_another_is_shown_as_it_is_written(project):
    said = held(project, page("assert (x[0] < 0.5) + 0.3 < x[1]"))
    assert "(x[0] < 0.5) + 0.3 = " in said

"""The workflows: nothing is published that the check has not passed, and every action is pinned."""

import re

import pytest
import yaml
from helpers.course import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(name: str) -> dict:
    # YAML 1.1 reads the key `on` as true.
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))


def test_the_site_is_published_only_after_the_check():
    jobs = read("deploy.yml")["jobs"]
    assert jobs["check"]["uses"] == "./.github/workflows/check.yml"
    assert jobs["build"]["needs"] == "check"
    assert jobs["pages"]["needs"] == "build"
    assert jobs["notebooks"]["needs"] == "pages"
    assert "workflow_call" in read("check.yml")[True]
    assert any(step.get("run") == "bash .ci/run" for step in read("check.yml")["jobs"]["check"]["steps"])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit(workflow):
    for action in re.findall(r"uses: +(\S+)", workflow.read_text(encoding="utf-8")):
        assert action.startswith("./") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action

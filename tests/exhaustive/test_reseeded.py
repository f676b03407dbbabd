"""The course's conclusions: every claim on every page holds under three seeds that nobody chose."""

from helpers.project import ROOT, python_m


def test_every_claim_of_the_course_holds_under_other_seeds():
    ran = python_m(ROOT, "pytest", "-q", "--no-header", "--reseed", "3", "docs")
    assert ran.returncode == 0, ran.stdout

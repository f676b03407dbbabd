"""The swap: at every moment there is a whole site, and nothing is left beside it but by a build that still runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.site import staging


@pytest.fixture
def site(tmp_path) -> Path:
    """A site that was built before."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("old", encoding="utf-8")
    return site


def stage(site: Path, text: str) -> Path:
    staged = staging.stage(site)
    (staged / "index.html").write_text(text, encoding="utf-8")
    return staged


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_new_site_takes_the_place_of_the_old_one(site):
    staging.swap_in(stage(site, "new"), site)
    assert (site / "index.html").read_text(encoding="utf-8") == "new"
    assert names(site.parent) == ["site"]
    assert site.stat().st_mode & 0o777 == 0o755


def test_if_the_new_site_cannot_be_put_in_place_the_old_one_is_there_again(site, monkeypatch):
    staged = stage(site, "new")
    rename = os.rename

    def failing(source, target):
        if Path(source) == staged:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(staging.os, "rename", failing)
    with pytest.raises(OSError, match="Input/output error"):
        staging.swap_in(staged, site)
    assert (site / "index.html").read_text(encoding="utf-8") == "old"
    staging.remove(staged)
    assert names(site.parent) == ["site"]


def test_another_build_that_is_faster_is_replaced_in_turn(site, monkeypatch):
    staged, faster = stage(site, "new"), stage(site, "faster")
    rename = os.rename

    def overtaken(source, target):
        if Path(source) == staged and faster.exists():
            rename(faster, target)
        rename(source, target)

    monkeypatch.setattr(staging.os, "rename", overtaken)
    staging.swap_in(staged, site)
    assert (site / "index.html").read_text(encoding="utf-8") == "new"
    assert names(site.parent) == ["site"]


def test_what_a_killed_build_left_is_swept_and_what_a_running_one_uses_is_not(site):
    code = "import sys, pathlib; from snippets.site import staging; print(staging.stage(pathlib.Path(sys.argv[1])).name, flush=True); input()"
    command = [sys.executable, "-c", code, str(site)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as build:
        left = site.parent / build.stdout.readline().strip()
        try:
            mine = staging.stage(site)
            assert left.is_dir()
        finally:
            build.kill()
    staging.remove(mine)
    assert left.is_dir()
    (site.parent / ".site-notes").mkdir()  # of somebody else
    mine = staging.stage(site)
    assert names(site.parent) == sorted([mine.name, ".site-notes", "site"])


def test_a_site_that_is_a_link_stays_one(tmp_path, site):
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(site)
    staging.swap_in(stage(link, "new"), link)
    assert link.is_symlink()
    assert (site / "index.html").read_text(encoding="utf-8") == "new"
    assert names(tmp_path) == ["elsewhere", "site"]
    assert names(link.parent) == ["link"]

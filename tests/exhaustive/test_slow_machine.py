"""A build and a check on a machine of a tenth of this one's speed: all their processes are stopped nine tenths of the time."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from helpers.project import Project, fence
from helpers.waiting import QUIET

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process and let it go on")

RUNS, STANDS = 0.05, 0.45  # seconds, in turn
# More by the clock, at this speed, than a page may use, and less in processor time.
COMPUTES = "total = 0\nfor number in range(4_000_000):\n    total += number\ntotal"
LIMIT = 2


def slowly(project: Project, *command: str) -> tuple[int, str, float]:
    """How a module's run ended, what it said, and how long it took."""
    log = project.folder / "said"
    started = time.monotonic()
    with open(log, "w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=project.folder,
            env={**os.environ, **QUIET},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            stopped = []
            for one in _with_all_it_started(process.pid):
                try:
                    one.suspend()
                    stopped.append(one)
                except psutil.Error:
                    pass
            time.sleep(STANDS)
            for one in stopped:
                with contextlib.suppress(psutil.Error):
                    one.send_signal(signal.SIGCONT)
            time.sleep(RUNS)
    return process.returncode, log.read_text(encoding="utf-8"), time.monotonic() - started


def _with_all_it_started(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def test_at_a_tenth_of_the_speed_a_small_site_is_built_and_checked(tmp_path, survived):
    project = Project(tmp_path, seconds=LIMIT)
    project.page("computes", fence(COMPUTES))
    assert project.run("snippets", "accept").returncode == 0
    for path in tmp_path.rglob(".cache/pages/*.json"):
        path.unlink()
    for command in (("mkdocs", "build", "--strict"), ("pytest", "-q", "docs")):
        code, said, seconds = slowly(project, *command)
        assert code == 0, said
        assert seconds > LIMIT * 2  # it was slow indeed: a limit by the clock would have ended it
        survived(f"{command[0]} at a tenth of the speed", "as on any machine", seconds)
    assert "FAILED" not in said

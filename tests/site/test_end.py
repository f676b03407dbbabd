"""Ctrl-C ends a build, a server or a check with all that they had started, and leaves no folder behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from helpers.project import Project, fence
from helpers.waiting import QUIET, until

COMMANDS = {
    "build": ("mkdocs", "build"),
    "serve": ("mkdocs", "serve", "-a", "127.0.0.1:0"),
    "check": ("pytest", "docs"),
    "run": ("snippets", "run"),
}
# A page that says that it runs, starts a child, and waits.
WAITS = "import pathlib, subprocess, time\n\n_ = subprocess.Popen(['sleep', '10000'])\npathlib.Path({flag!r}).touch()\ntime.sleep(10_000)"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that is Ctrl-C to a process alone")
@pytest.mark.parametrize("name", COMMANDS)
def test_ctrl_c_leaves_no_process_and_no_folder(tmp_path, name):
    project, temporary, flag = Project(tmp_path / "course"), tmp_path / "tmp", tmp_path / "runs"
    temporary.mkdir()
    project.page("index", fence(WAITS.format(flag=str(flag))))
    process = subprocess.Popen(
        [sys.executable, "-m", *COMMANDS[name]],
        cwd=project.folder,
        env={**os.environ, **QUIET, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that the signal reaches this process alone, and not those it should end itself
        preexec_fn=_hear_ctrl_c,
    )
    until(lambda: flag.exists() or process.poll() is not None)
    assert process.poll() is None, process.stdout.read()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode != 0 or name == "serve", said
    until(lambda: not of_this_test(temporary))
    assert sorted(path.name for path in project.folder.glob(".site-*")) == []
    assert [path.name for path in temporary.iterdir() if not path.name.startswith("pytest-of")] == []
    assert "Traceback" not in said or name == "check", said  # pytest says where it was


def _hear_ctrl_c() -> None:
    """What a shell starts in the background ignores it, and so would all that the tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def of_this_test(temporary: Path) -> list[psutil.Process]:
    """The processes that have their temporary files below this folder."""
    found = []
    for one in psutil.process_iter():
        try:
            if one.environ().get("TMPDIR", "").startswith(str(temporary)) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except (psutil.Error, OSError):
            pass
    return found

"""What a page starts ends with it, wherever it went; and what depends on the machine is asked of the machine."""

import os
import subprocess
import sys
import time

import psutil
import pytest
from helpers.project import fence

from snippets.run.session import decoded

SESSION = "import subprocess, sys\n\nsubprocess.Popen({command}, start_new_session=True)\n"
DOUBLE_FORK = """\
import os

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv({command}[0], {command})
    os._exit(0)
_ = os.wait()
"""
BARE = """\
import os

if os.fork() == 0:
    os.setsid()
    os.execve({command}[0], {command}, {{}})
"""
WAYS = {"new session": SESSION, "double fork": DOUBLE_FORK, "no environment": BARE}
ENDS = {"normally": "_ = 0", "limit": "while True: pass", "exit": "import os; os._exit(0)"}


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # one that has ended, and nobody asked how
    except psutil.NoSuchProcess:
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sessions on Windows")
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("way", WAYS)
def test_what_left_the_process_group_ends_with_the_page(run_page, tmp_path, way, end):
    file = tmp_path / "pid"
    child = ["/bin/sh", "-c", f"echo $$ > '{file}'; exec sleep 300"]
    wait = f"\nimport pathlib, time\n\nfile = pathlib.Path({str(file)!r})\n"
    wait += "while not file.exists() or not file.read_text():\n    time.sleep(0.02)\n"
    source = WAYS[way].format(command=child) + wait + ENDS[end]
    result = run_page(fence(source), seconds=2 if end == "limit" else 60)
    assert bool(result.failure) == (end != "normally"), result.failure
    pid = int(file.read_text(encoding="utf-8"))
    for _ in range(200):
        if not runs(pid):
            return
        time.sleep(0.05)
    psutil.Process(pid).kill()
    raise AssertionError("still running")


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores can be chosen on Linux only")
def test_cores_are_those_that_the_process_may_use():
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from snippets.run.runner import cores; print(cores())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


@pytest.mark.parametrize(
    ("raw", "line_end", "text"),
    [
        (b"a\r\nb\r\n", "\r\n", "a\nb\n"),
        (b"a\nb", "\r\n", "a\nb"),
        (b"50%\r100%\n", "\r\n", "50%\r100%\n"),
        (b"a\r\nb", "\n", "a\r\nb"),
        (b"caf\xe9", "\n", "caf\ufffd"),
    ],
)
def test_lines_end_alike_on_every_platform(raw, line_end, text):
    assert decoded(raw, line_end) == text

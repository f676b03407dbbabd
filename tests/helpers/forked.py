"""Runs modules as `python -m` does, in processes forked from one that has imported what they all import.

A test that builds a small site would otherwise wait longer for Python, MkDocs and pytest to start than for the build. Where a
system has no fork, each starts anew.
"""

import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from helpers.waiting import HANGS, QUIET, until

PRELOADED = (
    "mkdocs.commands.build",
    "snippets.site.plugin",
    "material.plugins.search.plugin",
    "pytest",
    "_pytest.terminal",
)


class Forks:
    """The process that forks; it ends when its standard input does."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpers.forked"],
            stdin=subprocess.PIPE,
            env={**os.environ, **QUIET, "PYTHONPATH": path},
            text=True,
        )

    def run(
        self, folder: Path, command: tuple[str, ...], environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run a module in `folder`; all that it writes is in `stdout`."""
        with tempfile.TemporaryDirectory() as place:
            said, ended = Path(place, "said"), Path(place, "ended")
            asked = {"folder": str(folder), "command": command, "environment": environment, "place": place}
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            until(ended.exists, lambda: f"{command} did not end in {HANGS} s", HANGS)
            return subprocess.CompletedProcess(
                command, int(ended.read_text()), said.read_text(encoding="utf-8", errors="replace")
            )


def serve() -> None:
    """Fork for each line of standard input, and once more to wait for what it becomes."""
    for name in PRELOADED:
        __import__(name)
    for line in sys.stdin:
        if os.fork() == 0:
            asked = json.loads(line)
            child = os.fork()
            if child == 0:
                _become(**asked)
            _, status = os.waitpid(child, 0)
            ended = Path(asked["place"], "ended")
            ended.with_suffix(".new").write_text(str(os.waitstatus_to_exitcode(status)))
            ended.with_suffix(".new").rename(ended)
            os._exit(0)
        while True:  # those that have ended
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break


def _become(folder: str, command: list[str], environment: dict[str, str], place: str) -> None:
    """Go on as `python -m` with this command would in `folder`."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    out = os.open(Path(place, "said"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    tempfile.tempdir = None
    sys.path[:] = [folder, *(os.environ.get("PYTHONPATH", "").split(os.pathsep)), *_PATH]
    sys.argv = command
    status = 0
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status & 255)


_PATH = [
    entry for entry in sys.path if entry not in ("", os.getcwd(), *os.environ.get("PYTHONPATH", "").split(os.pathsep))
]

if __name__ == "__main__":
    serve()

"""Waiting: for whatever it is, as long as it takes on a busy machine; and `mkdocs serve`, which is waited for most."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

HANGS = 3600  # seconds: nothing that a test starts takes so long, however slow the machine
NEVER = 600  # the same for one step of it, such as a page that a server builds again
# What a started command is told: MkDocs to leave its notice out, and pytest to report as it does at a desk, not as under CI,
# where its summary says each failure a second time.
QUIET = {"NO_MKDOCS_2_WARNING": "1", "CI": "", "BUILD_NUMBER": ""}


def until(holds: Callable[[], object], what: Callable[[], str] = lambda: "", limit: float = NEVER) -> None:
    """Wait until it holds, as long as that takes on a busy machine; `what` says how things stood if it never did."""
    end = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < end, what()
        time.sleep(0.05)


class Served:
    """The server of the course in `folder` while the `with` block lasts; all that it writes is in the file `log`."""

    def __init__(self, folder: Path, *flags: str, log: Path) -> None:
        self.folder, self.path = folder, log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.command = [sys.executable, "-m", "mkdocs", "serve", *flags, "-a", self.address]

    def __enter__(self) -> "Served":
        self.log = open(self.path, "w", encoding="utf-8")
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env={**os.environ, **QUIET},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def said(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://{self.address}/{path}", timeout=NEVER) as answer:
                return answer.read().decode()
        except OSError as error:
            return str(error)

    def wait_for(self, path: str, holds: Callable[[str], object]) -> str:
        """The text at `path` as soon as it holds."""
        text = ""

        def held() -> bool:
            nonlocal text
            assert self.process.poll() is None, self.said()
            text = self.get(path)
            return bool(holds(text))

        until(held, lambda: f"{path} stayed:\n{text[-3000:]}\n{self.said()}")
        return text

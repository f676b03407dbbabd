"""Waiting: for whatever it is, as long as it takes on a busy machine; and `mkdocs serve`, which is waited for most."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

HANGS = 3600  # seconds: no test waits for anything that takes so long, however slow the machine
QUIET = {"NO_MKDOCS_2_WARNING": "1"}


def until(holds: Callable[[], object], what: Callable[[], str] = lambda: "") -> None:
    """Wait until it holds, as long as that takes on a busy machine; `what` says how things stood if it never did."""
    end = time.monotonic() + HANGS
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
            with urllib.request.urlopen(f"http://{self.address}/{path}", timeout=HANGS) as answer:
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

"""`mkdocs serve` on a project, as a test that edits pages needs it."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable

from helpers.project import HANGS, QUIET, Project, until


class Served:
    """The server while the `with` block lasts; all that it writes is in serve.log in the project's folder."""

    def __init__(self, project: Project, *flags: str) -> None:
        self.project = project
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.command = [sys.executable, "-m", "mkdocs", "serve", *flags, "-a", self.address]

    def __enter__(self) -> "Served":
        self.log = open(self.project.folder / "serve.log", "w")
        self.process = subprocess.Popen(
            self.command,
            cwd=self.project.folder,
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
        return self.project.read("serve.log")

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

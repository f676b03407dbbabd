"""Keeps a page's outputs on disk, under a hash of all that decides them."""

import hashlib
import json
import logging
import os
import platform
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .output import Result
from .page import PROGRAMS, Page

PACKAGES = ("torch", "numpy", "matplotlib", "scikit-learn", "scipy", "torchmetrics")  # what a page may import
RUNNER = ("page.py", "output.py", "figure.py", "svg.py", "session.py", "worker.py", "runner.py")
KEPT_DAYS = 30

log = logging.getLogger("mkdocs.plugins.snippets")


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the packages a page may import, read without importing them."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


@cache
def _surroundings() -> str:
    runner = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in RUNNER]
    return json.dumps([versions(), platform.machine(), runner])


class Store:
    """A folder of results. If it cannot be written, nothing is kept and every page runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.works = True

    def path(self, page: Page) -> Path:
        blocks = [[block.source, block.word, block.attributes] for block in page.blocks]
        programs = [
            (PROGRAMS / b.attributes["program"]).read_text("utf-8") for b in page.blocks if "program" in b.attributes
        ]
        key = json.dumps([page.name, blocks, programs, _surroundings()])
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def get(self, page: Page) -> Result | None:
        """The page's kept result; None if there is none that can be read whole."""
        path = self.path(page)
        try:
            result = Result.from_json(json.loads(path.read_text(encoding="utf-8")))
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return result if len(result.outputs) == len(page.blocks) else None

    def put(self, page: Page, result: Result) -> None:
        """Keep a whole result; one with a failure is not kept."""
        if result.failure or not self.works:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(result.to_json(), file)
                os.replace(name, self.path(page))
            except BaseException:
                with suppress(OSError):
                    os.unlink(name)
                raise
        except OSError as error:
            self.works = False
            log.warning("outputs are not kept, pages will run again: %s", error)

    def prune(self) -> None:
        """Remove entries that no build has used for a month."""
        oldest = time.time() - KEPT_DAYS * 86400
        with suppress(OSError):
            for path in self.folder.iterdir():
                with suppress(OSError):
                    if path.stat().st_mtime < oldest:
                        path.unlink()

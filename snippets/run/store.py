"""Keeps a page's outputs on disk, under a hash of all that decides them, and of nothing else."""

import hashlib
import json
import logging
import os
import platform
import tempfile
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from ..pages import Page
from .output import Result
from .packages import Packages
from .process import PROCESSOR

REACHING = (*PROCESSOR, "LANG", "LC_ALL")  # the variables that reach a page's process and may change what it gives
KEPT_DAYS = 30
NOTHING = Result(())  # of a page without blocks

log = logging.getLogger("mkdocs.plugins.snippets")


class Store:
    """A folder of results. If it cannot be written, nothing is kept and every page runs."""

    def __init__(self, folder: Path, memory: dict[Path, Result] | None = None) -> None:
        """`memory` has what was read or kept before, and takes what will be."""
        self.folder, self.memory = folder, {} if memory is None else memory
        self.works = True

    @cached_property
    def _surroundings(self) -> bytes:
        engine = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
        variables = {name: os.environ.get(name) for name in REACHING}
        whole = [Packages().installed, platform.platform(), platform.machine(), variables, engine]
        return hashlib.sha256(json.dumps(whole).encode()).digest()

    def path(self, page: Page, plain: bool = False, shift: int = 0) -> Path:
        name = hashlib.sha256(self._surroundings + page.decides).hexdigest()
        return self.folder / f"{name}{'-reader' * plain}{f'-seeds-{shift}' * bool(shift)}.json"

    def get(self, page: Page, plain: bool = False, shift: int = 0) -> Result | None:
        """The page's kept result, `plain` as a reader gets it, `shift` under other seeds; None if none can be read whole."""
        if not page.blocks:
            return NOTHING
        path = self.path(page, plain, shift)
        if path in self.memory:
            return self.memory[path]
        try:
            result = Result.from_json(json.loads(path.read_text(encoding="utf-8")))
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if len(result.outputs) != len(page.blocks):
            return None
        self.memory[path] = result
        return result

    def put(self, page: Page, result: Result, plain: bool = False, shift: int = 0) -> None:
        """Keep a whole result; one with a failure is not kept."""
        if result.failure:
            return
        path = self.path(page, plain, shift)
        self.memory[path] = result
        if not self.works:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(result.to_json(), file)
                os.replace(name, path)
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

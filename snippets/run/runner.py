"""Runs pages, each in a process of its own that is ended with all it started, side by side on all cores."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import UTC, datetime
from functools import cached_property
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from ..pages import Block, Course, Page
from .meter import Meter
from .output import LIMIT, Failure, Output, Result, output_of
from .packages import Packages
from .process import THREADS, cores, end, how_it_ended, no_main_module, work

# What takes long to import, and the word in a page that says it will be needed.
PRELOADED = {
    "torch": "torch",
    "torch._dynamo": "optim",
    "matplotlib.pyplot": "matplotlib",
    "matplotlib.backends.backend_svg": "matplotlib",
    "sklearn.datasets": "sklearn",
}
FEW = 2  # pages that import what they need sooner than a server that has imported it all could be there
START_UP = 120.0  # seconds of processor time that a process may take to start
TICK = 0.2
SAY_EVERY = 10.0  # seconds without a word that a person may be left to wait


class Runner:
    """Runs pages within limits; on Linux by forking a server that has imported the packages, elsewhere anew."""

    def __init__(self, course: Course, pages: Iterable[Page], stays: bool = False) -> None:
        """`pages` are those that will be run: what none of them needs is not preloaded, and for a few nothing is.

        `stays` says that they will be run again and again.
        """
        self.course, pages = course, list(pages)
        self.spawn: SpawnContext = multiprocessing.get_context("spawn")
        self.context: ForkServerContext | SpawnContext = self.spawn
        text = "\n".join(page.text for page in pages)
        self.preloaded = [*(name for name, word in PRELOADED.items() if word in text), f"{__package__}.worker"]
        if sys.platform == "linux" and (stays or len(pages) > FEW):
            self.context = multiprocessing.get_context("forkserver")
            self.context.set_forkserver_preload(self.preloaded)
        self.anew = self.context is self.spawn
        self.threads = int(os.environ.get(THREADS, "1"))
        # A page that uses all cores runs alone: threads that wait for each other's cores make it many times slower.
        self.at_once = cores() if self.threads == 1 else 1
        self.packages = Packages()
        self.stopping = threading.Event()
        self._starting = threading.Lock()

    def run_all(
        self, pages: list[Page], done: Callable[[Page, Result], None], waiting: Callable[[list[str]], None]
    ) -> None:
        """Run the pages side by side; call `done` for each as it ends, and `waiting` with their names if none does for long."""
        self.stopping.clear()
        with ThreadPoolExecutor(self.at_once) as pool:
            futures = {pool.submit(self.run, page): page for page in pages}
            left = set(futures)
            try:
                while left:
                    ended, left = wait_for(left, SAY_EVERY, FIRST_COMPLETED)
                    for future in ended:
                        done(futures[future], future.result())
                    if not ended:
                        waiting([futures[future].name for future in futures if future.running()])
            except BaseException:
                self.stopping.set()
                pool.shutdown(cancel_futures=True)
                raise

    def run(self, page: Page, plain: bool = False, fresh: bool = False, shift: int = 0) -> Result:
        """Run one page; whatever it does comes back as a result.

        `plain` runs it as a reader would who copied what is shown: hidden blocks give (). `fresh` does so in a Python
        just started, where nothing is imported but by the page. `shift` moves every seed that the page sets.
        """
        with tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as folder:
            from .worker import Job, capture_file, work_folder

            capture = capture_file(folder)
            capture.touch()
            work_folder(folder).mkdir()
            Path(folder, "tmp").mkdir()
            modules, path = self._fresh
            memory = int(self.course.gigabytes * (1 << 30))
            context = self.spawn if fresh else self.context
            is_new = plain and (fresh or self.anew)
            job = Job(page, folder, self.threads, memory, path, plain, shift, modules if is_new else frozenset())
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=work, args=(job, sender), daemon=False)
            with self._starting, no_main_module():
                process.start()
            sender.close()
            try:
                result, left = self._watch(page, process, receiver, capture)
            except BaseException:
                left = True
                raise
            finally:
                end(process, folder if left else "")
                receiver.close()
            return result

    @cached_property
    def _fresh(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The modules that a Python has when it starts, and where it looks for others."""
        code = "import sys; m = list(sys.modules); import json; print(json.dumps([m, sys.path]))"
        command = [sys.executable, "-I", "-c", code]
        modules, path = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        return frozenset(modules), tuple(path)

    def _watch(self, page: Page, process: BaseProcess, receiver: Connection, capture: Path) -> tuple[Result, bool]:
        """The page's result, and whether it may have left something running."""
        outputs: list[Output] = []
        block: Block | None = None
        meter = Meter(process, START_UP, self.course.clock)

        def ended(failure: Failure | None) -> Result:
            made = datetime.now(UTC).isoformat(timespec="seconds")
            return Result(tuple(outputs), failure, round(meter.used, 2), made, self.packages.used_by(page))

        def failed(message: str) -> tuple[Result, bool]:
            at = block or (page.blocks[0] if page.blocks else Block(1, ""))
            return ended(Failure(at.line, at.source or at.label, message)), True

        while True:
            ready = wait([receiver, process.sentinel], TICK)
            if receiver in ready:
                try:
                    kind, seconds, *rest = json.loads(receiver.recv_bytes())
                except (EOFError, OSError):
                    return failed(how_it_ended(process))
                if block is None:
                    meter.start(seconds, self.course.seconds)
                meter.told(seconds)
                if kind == "start":
                    block = page.blocks[rest[0]]
                elif kind == "output":
                    outputs.append(output_of(rest[1]))
                else:
                    return ended(Failure(**rest[0]) if rest[0] else None), rest[1]
            elif process.sentinel in ready:
                return failed(how_it_ended(process))
            elif too_long := meter.too_long():
                return failed(too_long)
            elif capture.stat().st_size > LIMIT * (len(outputs) + 2):
                return failed(f"more than {LIMIT // 1000} kB of output")
            elif self.stopping.is_set():
                return failed("stopped")

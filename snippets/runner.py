"""Runs pages, each in a process of its own that is ended with all it started, side by side on all cores."""

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from .output import LIMIT, Failure, Output, Result
from .page import Block, Page

if TYPE_CHECKING:  # importing the worker brings matplotlib, which a build that runs nothing does without
    from .worker import Job

PRELOADED = ("torch", "torch._dynamo", "matplotlib.pyplot", "sklearn.datasets", "snippets.worker")
SECONDS = 60.0  # a page's time limit
MEMORY = 4 << 30  # a page's bytes
START_UP = 60.0  # seconds a process may take to import what is preloaded
TICK = 0.2
_starting = threading.Lock()


class Runner:
    """Runs pages within limits; on Linux by forking a server that has imported the packages, elsewhere anew."""

    def __init__(
        self, seconds: float = SECONDS, memory: int = MEMORY, pages: Iterable[Page] = (), method: str = ""
    ) -> None:
        """`pages` are those that will be run: what none of them names is not preloaded."""
        self.seconds, self.memory = seconds, memory
        forks = sys.platform == "linux" and method != "spawn"
        self.context: ForkServerContext | SpawnContext = (
            multiprocessing.get_context("forkserver") if forks else multiprocessing.get_context("spawn")
        )
        text = "\n".join(page.text for page in pages)
        self.preloaded = [name for name in PRELOADED if name.partition(".")[0] in f"{text} snippets"]
        if forks:
            self.context.set_forkserver_preload(self.preloaded)
        # Set to 0 for torch's own number of threads: outputs must agree all the same.
        self.threads = int(os.environ.get("SNIPPETS_TORCH_THREADS", "1"))
        # A page that uses all cores runs alone: threads that wait for each other's cores make it many times slower.
        self.at_once = (os.cpu_count() or 1) if self.threads == 1 else 1
        self.stopping = threading.Event()

    def run_all(self, pages: list[Page], done: Callable[[Page, Result], None]) -> None:
        """Run the pages side by side; call `done` for each as it ends."""
        self.stopping.clear()
        with ThreadPoolExecutor(self.at_once) as pool:
            futures = {pool.submit(self.run, page): page for page in pages}
            try:
                for future in as_completed(futures):
                    done(futures[future], future.result())
            except BaseException:
                self.stopping.set()
                pool.shutdown(cancel_futures=True)
                raise

    def run(self, page: Page) -> Result:
        """Run one page; whatever it does comes back as a result."""
        with tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as folder:
            work, capture = Path(folder, "work"), Path(folder, "output")
            work.mkdir()
            capture.touch()
            from .worker import Job

            receiver, sender = self.context.Pipe(duplex=False)
            job = Job(page, str(work), str(capture), self.threads, self.memory)
            process = self.context.Process(target=_work, args=(job, sender), daemon=False)
            with _starting, _no_main_module():
                process.start()
            sender.close()
            try:
                return self._watch(page, process, receiver, capture)
            finally:
                _end_group(process)
                receiver.close()

    def _watch(self, page: Page, process: BaseProcess, receiver: Connection, capture: Path) -> Result:
        outputs: list[Output] = []
        block: Block | None = None
        started = time.monotonic()
        limit = START_UP

        def ended(failure: Failure | None) -> Result:
            return Result(tuple(outputs), failure, round(time.monotonic() - started, 2))

        def failed(message: str) -> Result:
            at = block or (page.blocks[0] if page.blocks else Block(1, ""))
            return ended(Failure(at.line, at.source, message))

        while True:
            ready = wait([receiver, process.sentinel], TICK)
            if receiver in ready:
                try:
                    kind, *rest = receiver.recv()
                except (EOFError, OSError):
                    return failed(_how_it_ended(process))
                if kind == "start":
                    if block is None:
                        started, limit = time.monotonic(), self.seconds
                    block = page.blocks[rest[0]]
                elif kind == "output":
                    outputs.append(rest[1])
                else:
                    return ended(rest[0])
            elif process.sentinel in ready:
                return failed(_how_it_ended(process))
            elif time.monotonic() - started > limit:
                return failed(f"still running after {limit:g} s, the time limit of a page")
            elif capture.stat().st_size > LIMIT * (len(outputs) + 2):
                return failed(f"more than {LIMIT // 1000} kB of output")
            elif self.stopping.is_set():
                return failed("stopped")


def _work(job: "Job", results: Connection) -> None:
    from .worker import run

    run(job, results)


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Keep multiprocessing from importing this process's main script into the page's."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _how_it_ended(process: BaseProcess) -> str:
    process.join(TICK * 25)
    code = process.exitcode
    if code is not None and code < 0:
        return f"Python was killed by {signal.Signals(-code).name}"
    return f"Python ended in the middle of the block, with exit code {code} (os._exit?)"


def _end_group(process: BaseProcess) -> None:
    """End the page's process and whatever it left running."""
    with suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.kill()
    process.join()

"""A page's process as its parent sees it: started without our main script, ended with all it started."""

import os
import signal
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:  # a build that runs nothing does without the worker
    from .worker import Job


THREADS = "SNIPPETS_TORCH_THREADS"  # 0 for torch's own number of threads: outputs must agree all the same
# With it, what the portability runs set to play another processor: the last two choose its instructions.
PROCESSOR = (THREADS, "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")


def cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work(job: "Job", results: Connection) -> None:
    from .worker import run

    run(job, results)


@contextmanager
def no_main_module() -> Iterator[None]:
    """Keep multiprocessing from importing this process's main script into the page's."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def how_it_ended(process: BaseProcess) -> str:
    process.join(5)
    code = process.exitcode
    if code is not None and code < 0:
        return f"Python was killed by {signal.Signals(-code).name}"
    return f"Python ended in the middle of the block, with exit code {code} (os._exit?)"


def end(process: BaseProcess, folder: str) -> None:
    """End the page's process; and whatever it started, if `folder`, which is the page's own, is given.

    A child may have left the process group, but takes the environment along, or stays where it began.
    """
    if process.pid and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
    for other in psutil.process_iter() if folder else ():
        with suppress(psutil.Error, OSError):
            if other.environ().get("TMPDIR", "").startswith(folder) or other.cwd().startswith(folder):
                other.kill()

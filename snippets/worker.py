"""Inside a page's own process: makes it as good as a fresh Python, then has the blocks run one by one."""

import builtins
import ctypes
import io
import multiprocessing
import os
import signal
import sys
import tempfile
import types
import warnings
from dataclasses import dataclass
from multiprocessing.connection import Connection

from . import figure
from .output import Failure
from .page import Page
from .session import BlockError, Session

KEPT_ENVIRONMENT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "USERPROFILE"} | {
    "ATEN_CPU_CAPABILITY",  # these two choose the processor's instructions: the portability runs set them
    "ONEDNN_MAX_CPU_ISA",
}


@dataclass(frozen=True)
class Job:
    """A page to run, its empty working folder, the file its output goes to, and its limits."""

    page: Page
    folder: str
    capture: str
    threads: int  # torch's threads; 0 leaves torch's own default
    memory: int  # bytes


def run(job: Job, results: Connection) -> None:
    """Send `("start", i)` and `("output", i, Output)` for each block, then `("end", Failure | None)`."""
    _become_fresh(job)
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    session = Session(job.page, job.capture, main)
    failure = None
    for index, block in enumerate(job.page.blocks):
        results.send(("start", index))
        try:
            output = session.run(index, block)
        except BlockError as failed:
            failure = Failure(session.line or block.line, block.source, str(failed) + session.said())
            break
        results.send(("output", index, output))
    results.send(("end", failure))


def _become_fresh(job: Job) -> None:
    """A process group, environment, folder, output and random state of the page's own."""
    multiprocessing.set_start_method(None, force=True)  # the platform's usual one, whatever started this process
    if hasattr(os, "setsid"):
        os.setsid()
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (job.memory, job.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        libc = ctypes.CDLL(None)
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: end when the build is killed
        libc.setvbuf(
            ctypes.c_void_p.in_dll(libc, "stdout"), None, 2, 0
        )  # C code's output unbuffered, to keep the order
    for name in set(os.environ) - KEPT_ENVIRONMENT:
        del os.environ[name]
    os.environ["MPLBACKEND"] = "agg"
    if job.threads:
        os.environ["OMP_NUM_THREADS"] = str(job.threads)
    os.chdir(job.folder)
    tempfile.tempdir = None
    capture = os.open(job.capture, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(capture, 1)
    os.dup2(capture, 2)
    os.close(capture)
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), "utf-8", "backslashreplace", write_through=True)
    sys.argv = [""]
    warnings.resetwarnings()
    _default_warning_filters()
    figure.set_up()
    # A process that was forked has its parent's random state; a fresh Python has one of its own.
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(None)
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        torch.seed()
        if job.threads:
            torch.set_num_threads(job.threads)


def _default_warning_filters() -> None:
    """The filters Python starts with, which imported packages may have changed."""
    for category in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")

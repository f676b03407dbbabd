"""Inside a page's own process: makes it as good as a fresh Python, then has the blocks run one by one."""

import builtins
import ctypes
import io
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import types
import warnings
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from ..pages import Page, Word
from . import figure
from .output import Failure, Output
from .process import PROCESSOR, THREADS
from .seeds import Shift
from .session import BlockError, Session

KEPT_ENVIRONMENT = {"PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "USERPROFILE", *PROCESSOR} - {THREADS}


@dataclass(frozen=True)
class Job:
    """A page to run, the folder that is its own, and its limits.

    `path` is where a Python just started looks for modules. `plain` leaves hidden blocks out. `shift` moves all seeds, and
    leaves out checks, which are about the digits of the page as it is written. `modules`, the names of those
    that a Python has when it starts, asks for a process that is no better: nothing is imported before the page does it.
    """

    page: Page
    folder: str
    threads: int  # torch's threads; 0 leaves torch's own default
    memory: int  # bytes
    path: tuple[str, ...]
    plain: bool = False
    shift: int = 0
    modules: frozenset[str] = frozenset()


def work_folder(folder: str) -> Path:
    return Path(folder, "work")


def capture_file(folder: str) -> Path:
    return Path(folder, "output")


def run(job: Job, results: Connection) -> None:
    """Send, as JSON, [kind, seconds, …]: "start", i and "output", i, parts for each block, then "end", failure, left anything running.

    `seconds` is the processor time of this process and its children so far. JSON and not pickles, which would look for
    our own modules where the page may not find them.
    """
    times, said = os.times, json.dumps  # as they are now, whatever the page does to them

    def send(kind: str, *rest: object) -> None:
        results.send_bytes(said([kind, sum(times()[:4]), *rest]).encode())

    _become_fresh(job)
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = builtins
    if job.shift:
        Shift(job.shift).install("\n".join(block.source for block in job.page.blocks))
    session = Session(job.page, str(capture_file(job.folder)), main, job.shift)
    # Nothing that starts with Python need have brought in `warnings`, and ours is the one that is listened to.
    for name in set(sys.modules) - job.modules - {figure.BACKEND, "warnings"} if job.modules else ():
        del sys.modules[name]
    sys.modules["snippets"] = None  # type: ignore[assignment]  # a reader does not have it
    sys.modules["__main__"] = main
    failure = None
    for index, block in enumerate(job.page.blocks):
        send("start", index)
        output: Output = ()
        left_out = block.hidden if job.plain else block.word == Word.CHECK and job.shift
        if not left_out:
            try:
                output = session.run(index, block)
            except BlockError as failed:
                failure = Failure(session.line or block.line, block.source or block.label, str(failed) + session.said())
                break
        send("output", index, [asdict(part) for part in output])
    send("end", asdict(failure) if failure else None, _has_children())


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    except AttributeError:
        pass
    return True


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
        libc.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: what a child leaves running stays ours to end
        # C code's output unbuffered, to keep the order
        libc.setvbuf(ctypes.c_void_p.in_dll(libc, "stdout"), None, 2, 0)
    for name in set(os.environ) - KEPT_ENVIRONMENT:
        del os.environ[name]
    # Temporary files go with the page; and by this name its children are found, wherever they went.
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(Path(job.folder, "tmp"))))
    if job.threads:
        os.environ["OMP_NUM_THREADS"] = str(job.threads)
    os.chdir(work_folder(job.folder))
    tempfile.tempdir = None
    capture = os.open(capture_file(job.folder), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(capture, 1)
    os.dup2(capture, 2)
    os.close(capture)
    # Lines end as they are written, on every platform.
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", newline="\n", write_through=True)
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), "utf-8", "backslashreplace", newline="\n", write_through=True
    )
    sys.argv, sys.path[:] = [""], ["", *job.path]
    warnings.resetwarnings()
    _default_warning_filters()
    figure.set_up(Path(job.folder))
    # A process that was forked has its parent's random state; a fresh Python has one of its own.
    with suppress(KeyError):
        sys.modules["random"].seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(None)
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

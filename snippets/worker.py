"""Inside a page's own process: makes it as good as a fresh Python, then runs the blocks one by one."""

import __future__

import ast
import builtins
import ctypes
import io
import json
import linecache
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import types
import warnings
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from . import figure
from .output import LIMIT, Failure, Output, Part
from .page import PROGRAMS, Block, Page

KEPT_ENVIRONMENT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "USERPROFILE"} | {
    "ATEN_CPU_CAPABILITY",  # these two choose the processor's instructions: the portability runs set them
    "ONEDNN_MAX_CPU_ISA",
}

# A `from __future__ import …` holds for all later blocks, as it does in a notebook.
_FUTURE = 0
for _feature in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _feature).compiler_flag


@dataclass(frozen=True)
class Job:
    """A page to run, its empty working folder, the file its output goes to, and its limits."""

    page: Page
    folder: str
    capture: str
    threads: int  # torch's threads; 0 leaves torch's own default
    memory: int  # bytes


class BlockError(Exception):
    """Ends a page's run; carries the message for the page's author."""


def run(job: Job, results: Connection) -> None:
    """Send `("start", i)` and `("output", i, Output)` for each block, then `("end", Failure | None)`."""
    _become_fresh(job)
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    session = _Session(job, main)
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


class _Session:
    """Runs blocks in one namespace and collects what each gives."""

    def __init__(self, job: Job, main: types.ModuleType) -> None:
        self.job, self.main = job, main
        self.name = job.page.name
        self.flags = 0
        self.line: int | None = None
        self.parts: list[Part] = []
        self.capture = open(job.capture, "rb")  # noqa: SIM115 - it lives as long as the process
        lines = job.page.text.splitlines(keepends=True)
        linecache.cache[self.name] = (len(job.page.text), None, lines, self.name)  # so that errors quote the page
        import matplotlib.pyplot as plt

        plt.show = lambda *_, **__: self._figures()

    def run(self, index: int, block: Block) -> Output:
        """The output of one block; raises BlockError."""
        self.block, self.prefix = block, f"{self.job.page.key.replace('/', '-')}-{index + 1}"
        self.parts, self.line, self.written = [], None, 0
        if not block.runs:
            return ()
        # Python calls this for every warning it would show, by whatever thread; catching them in a list would not.
        warnings.showwarning = self._warning
        try:
            if "program" in block.attributes:
                self._program(block.attributes["program"])
            else:
                self._code(block)
            self._figures()
        except BlockError:
            raise
        except Exception as error:
            self._raised(error)
        except BaseException as error:
            raise BlockError(f"{error!r} would end the reader's Python") from None
        else:
            if block.word == "raises":
                raise BlockError("it says `raises`, but nothing was raised")
        self._text()
        self._refuse_warnings()
        if "explore" in block.attributes:
            return (self._data(),)
        return tuple(self.parts)

    def _data(self) -> Part:
        """What an explorable is fed: the JSON that its block printed."""
        text = "".join(part.text for part in self.parts)
        try:
            return Part("data", json.dumps(json.loads(text), separators=(",", ":")))
        except ValueError as error:
            raise BlockError(f"explore= wants the block to print JSON: {error}") from None

    def _code(self, block: Block) -> None:
        # Padded, so that every line number in an error is the page's own.
        tree = ast.parse("\n" * (block.line - 1) + block.source, self.name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        code = compile(tree, self.name, "exec", self.flags, dont_inherit=True)
        self.flags |= code.co_flags & _FUTURE
        exec(code, self.main.__dict__)
        if isinstance(last, ast.Expr):
            expression = compile(ast.Expression(last.value), self.name, "eval", self.flags, dont_inherit=True)
            value = eval(expression, self.main.__dict__)
            if value is not None:
                self._text()
                self.parts.append(Part("value", repr(value)))

    def _program(self, program: str) -> None:
        status = subprocess.run([sys.executable, str(PROGRAMS / program)], check=False).returncode
        if status:
            raise BlockError(f"the program ended with exit code {status}")

    def _text(self) -> None:
        """Move what was written since the last call into a part of its own."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(ValueError, OSError):
                stream.flush()
        raw = self.capture.read()
        self.written += len(raw)
        if self.written > LIMIT:
            raise BlockError(f"more than {LIMIT // 1000} kB of output")
        if raw:
            self.parts.append(Part("text", raw.decode("utf-8", "replace")))

    def said(self) -> str:
        """What a block wrote before it failed, for its author."""
        with suppress(BlockError):
            self._text()
        text = "".join(part.text for part in self.parts if part.kind == "text").rstrip()
        return f"\n\nIt had written:\n{text[-2000:]}" if text else ""

    def _figures(self) -> None:
        self._text()
        alt = self.block.attributes.get("alt", "")
        number = sum(part.kind == "figure" for part in self.parts)
        figures = figure.take(f"{self.prefix}-{number + 1}", alt)
        if figures and not alt and not self.job.page.is_lab:
            raise BlockError('a figure without alt="…": say in words what it shows')
        self.parts += figures

    def _warning(self, message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        self._text()
        self.parts.append(Part("warning", f"{category.__name__}: {message}"))

    def _refuse_warnings(self) -> None:
        warned = [part.text for part in self.parts if part.kind == "warning"]
        if warned and self.block.word != "warns":
            raise BlockError(
                "a warning that the fence does not announce (the word `warns` would):\n" + "\n".join(warned)
            )

    def _raised(self, error: Exception) -> None:
        own = error.__traceback__
        while own is not None and own.tb_frame.f_code.co_filename != self.name:
            own = own.tb_next  # leave out our own frames
        lines = traceback.format_exception_only(error)
        if self.block.word == "raises":
            self._text()
            text = lines[-1] if isinstance(error, SyntaxError) else "".join(lines)
            self.parts.append(Part("error", text.rstrip("\n")))
            figure.take("", "")
            return
        if own is not None:
            self.line = own.tb_lineno
        elif isinstance(error, SyntaxError):
            self.line = error.lineno
        raise BlockError("".join(traceback.format_exception(type(error), error, own)))

"""A page's blocks, run in one namespace as a notebook's cells are, and what each of them gives."""

import __future__

import ast
import json
import linecache
import subprocess
import sys
import traceback
import types
import warnings
from contextlib import suppress

from . import figure
from .output import LIMIT, Output, Part
from .page import PROGRAMS, Block, Page

# A `from __future__ import …` holds for all later blocks, as it does in a notebook.
_FUTURE = 0
for _feature in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _feature).compiler_flag


class BlockError(Exception):
    """Ends a page's run; carries the message for the page's author."""


class Session:
    """Runs blocks in one namespace and collects what each gives."""

    def __init__(self, page: Page, capture: str, main: types.ModuleType) -> None:
        """`capture` is the file that standard output and error go to, `main` the blocks' namespace."""
        self.page, self.main = page, main
        self.name = page.name
        self.flags = 0
        self.line: int | None = None
        self.parts: list[Part] = []
        self.capture = open(capture, "rb")  # noqa: SIM115 - it lives as long as the process
        lines = page.text.splitlines(keepends=True)
        linecache.cache[self.name] = (len(page.text), None, lines, self.name)  # so that errors quote the page
        import matplotlib.pyplot as plt

        plt.show = lambda *_, **__: self._figures()

    def run(self, index: int, block: Block) -> Output:
        """The output of one block; raises BlockError."""
        self.block, self.prefix = block, f"{self.page.key.replace('/', '-')}-{index + 1}"
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
        if figures and not alt and not self.page.is_lab:
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

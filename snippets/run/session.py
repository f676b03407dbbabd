"""A page's blocks, run in one namespace as a notebook's cells are, and what each of them gives."""

import __future__

import ast
import json
import linecache
import os
import sys
import traceback
import types
import warnings
import weakref
from contextlib import suppress
from pathlib import Path

from ..pages import Block, Page, Word
from . import figure
from .changing import why_it_changes
from .compared import claimed, told
from .describe import data_in_words
from .output import LIMIT, Kind, Output, Part
from .program import run_program, what_is_wrong

# A `from __future__ import …` holds for all later blocks, as it does in a notebook.
_FUTURE = 0
for _feature in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _feature).compiler_flag


class BlockError(Exception):
    """Ends a page's run; carries the message for the page's author."""


class Session:
    """Runs blocks in one namespace and collects what each gives."""

    def __init__(self, page: Page, capture: str, main: types.ModuleType, shift: int = 0) -> None:
        """`capture` takes standard output and error, `main` is the blocks' namespace, by `shift` all seeds are moved."""
        self.page, self.main, self.shift = page, main, shift
        self.flags = 0
        self.line: int | None = None
        self.parts: list[Part] = []
        self.shown: list[weakref.ref] = []  # the figures
        self.folder = str(Path(capture).parent)
        self.capture = open(capture, "rb")  # noqa: SIM115 - it lives as long as the process
        figure.on_show(self._figures)

    def run(self, index: int, block: Block) -> Output:
        """The output of one block; raises BlockError."""
        self.block, self.name = block, f"<block {index + 1}>"
        self.parts, self.line, self.written = [], None, 0
        if not block.runs:
            return ()
        # So that errors quote the block. Neither the page's name nor its prose decides what a block gives.
        source = block.source + "\n"
        linecache.cache[self.name] = (len(source), None, source.splitlines(keepends=True), self.name)
        if "linecache" in sys.modules:
            sys.modules["linecache"].cache[self.name] = linecache.cache[self.name]
        # Python calls this for every warning it would show, by whatever thread; catching them in a list would not.
        for module in (warnings, sys.modules["warnings"]):
            module.__dict__["showwarning"] = self._warning
        try:
            if block.program:
                self._program(block.attributes["program"], block.program)
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
            if block.word == Word.RAISES:
                raise BlockError("it says `raises`, but nothing was raised")
        self._text()
        self._refuse_warnings()
        if changes := why_it_changes(self.parts, self.folder):
            raise BlockError(changes)
        if "explore" in block.attributes:
            return (self._data(),)
        return tuple(self.parts)

    def _data(self) -> Part:
        """What an explorable is fed: the JSON that its block printed."""
        try:
            data = json.loads("".join(part.text for part in self.parts))
        except ValueError as error:
            raise BlockError(f"explore= wants the block to print JSON: {error}") from None
        return Part(Kind.DATA, json.dumps(data, separators=(",", ":")), words=data_in_words(data))

    def _code(self, block: Block) -> None:
        tree = ast.parse(block.source, self.name)
        if block.word == Word.CLAIM:
            self.parts += claimed(tree, self.flags, self.name, self.main.__dict__)
            if not self.shift and (broken := told(self.parts)):
                raise BlockError(broken)
            return
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        code = compile(tree, self.name, "exec", self.flags, dont_inherit=True)
        self.flags |= code.co_flags & _FUTURE
        exec(code, self.main.__dict__)
        if isinstance(last, ast.Expr):
            expression = compile(ast.Expression(last.value), self.name, "eval", self.flags, dont_inherit=True)
            value = eval(expression, self.main.__dict__)
            if value is not None:
                self._text()
                self.parts.append(Part(Kind.VALUE, repr(value)))

    def _program(self, name: str, text: str) -> None:
        """Run a copy in the page's folder, as a reader would who had saved the program there."""
        status = run_program(name, text, self.shift)
        self._text()
        if mistake := what_is_wrong(status, "".join(part.text for part in self.parts)):
            raise BlockError(mistake)

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
            self.parts.append(Part(Kind.TEXT, decoded(raw)))

    def said(self) -> str:
        """What a block wrote before it failed, for its author."""
        with suppress(BlockError):
            self._text()
        text = "".join(part.text for part in self.parts if part.kind == Kind.TEXT).rstrip()
        return f"\n\nIt had written:\n{text[-2000:]}" if text else ""

    def _figures(self) -> None:
        self._text()
        alt = self.block.attributes.get("alt", "")
        figures = figure.take(alt, self.shown)
        if figures and not alt:
            raise BlockError(
                'a figure without alt="…": say in words what it shows (it is drawn when its block ends: '
                "what is begun in one block and drawn in the next belongs in one)"
            )
        if figure.drawn_on(self.shown):
            raise BlockError("it draws on a figure that was shown before, where nobody will see it: draw in one block")
        self.parts += figures

    def _warning(self, message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        self._text()
        self.parts.append(Part(Kind.WARNING, f"{category.__name__}: {message}"))

    def _refuse_warnings(self) -> None:
        warned = [part.text for part in self.parts if part.kind == Kind.WARNING]
        if warned and self.block.word != Word.WARNS:
            raise BlockError(
                "a warning that the fence does not announce (the word `warns` would):\n" + "\n".join(warned)
            )

    def _raised(self, error: Exception) -> None:
        if self.block.word == Word.RAISES:
            self._text()
            lines = traceback.format_exception_only(error)
            text = lines[-1] if isinstance(error, SyntaxError) else "".join(lines)
            self.parts.append(Part(Kind.ERROR, text.rstrip("\n")))
            figure.take("", self.shown)
            return
        first = error.__traceback__
        while first is not None and not first.tb_frame.f_code.co_filename.startswith("<block "):
            first = first.tb_next  # leave out our own frames
        own = [entry for entry in traceback.extract_tb(first) if entry.filename == self.name]
        if own:
            self.line = self.block.line - 1 + (own[0].lineno or 1)
        elif isinstance(error, SyntaxError) and error.lineno:
            self.line = self.block.line - 1 + error.lineno
        report = traceback.TracebackException(type(error), error, first)
        raise BlockError("".join(self._placed(report).format()))

    def _placed(self, report: traceback.TracebackException) -> traceback.TracebackException:
        """The report with the page's own name and lines in place of the blocks'."""
        for entry in report.stack:
            if entry.filename.startswith("<block "):
                line = self._block_named(entry.filename).line - 1 + (entry.lineno or 1)
                entry.filename, entry.lineno = self.page.name, line
        if getattr(report, "filename", None) == self.name and report.lineno:
            report.filename, report.lineno = self.page.name, str(self.block.line - 1 + int(report.lineno))
        for cause in (report.__cause__, report.__context__):
            if cause:
                self._placed(cause)
        return report

    def _block_named(self, name: str) -> Block:
        return self.page.blocks[int(name.removeprefix("<block ").removesuffix(">")) - 1]


def decoded(raw: bytes, line_end: str = os.linesep) -> str:
    """What a block wrote, as text; `line_end` is the platform's, which C code may have written for a plain one."""
    return raw.decode("utf-8", "replace").replace(line_end, "\n")

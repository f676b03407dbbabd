"""A page: its Python blocks, in order, and what else the Markdown says of it."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from .block import Block, WrittenError, source_of
from .course import Course


class Fold(StrEnum):
    """What `/// name` may open."""

    DETAILS = "details"
    NOTE = "note"
    QUESTION = "question"
    RIGHT = "right"
    WRONG = "wrong"


_MARKDOWN = MarkdownIt("commonmark").disable("inline")  # all that is asked is where the fences are
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*\n", re.S)
_FOLD = re.compile(r"\s*/{3,}(?!/)\s*([^\s|]+)")
# What someone who meant a Python block may have written, in whatever place or spelling.
_LOOKS_LIKE_PYTHON = re.compile(r"^[\s>*+-]*(`{3,}|~{3,})\s*\{?\s*\.?(python\d*|py\d*|pycon)\b", re.I)


class PageError(Exception):
    """A page that cannot be run or shown as it is written; names the file and the line."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(f"{name}:{line}: {message}")
        self.line, self.message = line, message


@dataclass(frozen=True)
class Page:
    """A Markdown page; `name` is its path as people write it (docs/tensors/tensors.md), `source` that below docs."""

    name: str
    source: str
    text: str
    blocks: tuple[Block, ...]
    is_lab: bool

    @property
    def key(self) -> str:
        """The page's place without the ending: `tensors/tensors`."""
        return self.source.removesuffix(".md")

    @property
    def leans_on_files(self) -> bool:
        """Whether what the page is depends on more than its text."""
        return any(block.program or "explore" in block.attributes for block in self.blocks)

    @cached_property
    def decides(self) -> bytes:
        """All that decides what the blocks give, and nothing else: not the page's name, nor its prose."""
        reach = ("alt", "explore", "program")  # the attributes that reach a block's output
        blocks = [(b.code, b.word, b.tags, [b.attributes.get(name) for name in reach]) for b in self.blocks]
        return json.dumps(blocks).encode()

    @cached_property
    def title(self) -> str:
        """The first heading of the first level; the key if there is none."""
        return next((line[2:].strip() for line in self._prose if line.startswith("# ")), self.key)

    @cached_property
    def description(self) -> str:
        """The `description:` of the front matter; else the first paragraph."""
        paragraph = next((line.strip() for line in self._prose if line.strip() and not line.startswith("#")), "")
        return str(_front_matter(self.text).get("description") or paragraph)

    @property
    def _prose(self) -> list[str]:
        front, fenced = _FRONT_MATTER.match(self.text), fenced_lines(self.text)
        start = front[0].count("\n") if front else 0
        return [line for n, line in enumerate(self.text.split("\n")) if n >= start and n not in fenced]

    @classmethod
    def read(cls, path: Path, course: Course) -> "Page":
        """Read the page at `path` below the course's docs; raises PageError."""
        source = path.relative_to(course.docs).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise not_utf8(course.name(source), error) from None
        return cls.parse(source, text, course)

    @classmethod
    def parse(cls, source: str, text: str, course: Course) -> "Page":
        """Find the blocks of `text`; raises PageError for a fence that could be misread."""
        name = course.name(source)
        try:
            is_lab = "jupyter" in _front_matter(text)
            blocks = tuple(_blocks(text, is_lab, course))
            _refuse_what_no_parser_agrees_on(text)
        except WrittenError as error:
            raise PageError(name, error.line, error.message) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise PageError(name, mark.line + 2 if mark else 1, f"the front matter is not YAML: {error}") from None
        return cls(name, source, text, blocks, is_lab)


def not_utf8(name: str, error: UnicodeDecodeError) -> PageError:
    return PageError(name, error.object[: error.start].count(b"\n") + 1, f"is not UTF-8: {error}")


def fenced_lines(text: str) -> set[int]:
    """The lines of `text`, counted from 0, that belong to a fence of any language."""
    return {line for start, end, *_ in _fences(text) for line in range(start, end)}


def python_fences(text: str) -> list[tuple[int, str]]:
    """Of each fence that says it is Python, its first line, counted from 0, and its source."""
    lines = text.split("\n")
    spans = [(start, end) for start, end, *_ in _fences(text) if _LOOKS_LIKE_PYTHON.match(lines[start])]
    return [(start, source_of(lines[start + 1 : end - 1])) for start, end in spans]


def _front_matter(text: str) -> dict[str, Any]:
    found = _FRONT_MATTER.match(text)
    meta = yaml.safe_load(found[1] or "") if found else None
    return meta if isinstance(meta, dict) else {}


@lru_cache(maxsize=1024)  # in `mkdocs serve` all pages are read again when one is saved
def _fences(text: str) -> list[tuple[int, int, int, str, str]]:
    """First line, end, level, marks and info of each fence."""
    tokens = [(token, token.map) for token in _MARKDOWN.parse(text) if token.type == "fence" and token.map]
    return [(lines[0], lines[1], token.level, token.markup, token.info) for token, lines in tokens]


def _blocks(text: str, is_lab: bool, course: Course) -> list[Block]:
    lines = text.split("\n")
    blocks: list[Block] = []
    for start, end, level, marks, info in _fences(text):
        is_python = _LOOKS_LIKE_PYTHON.match(lines[start])
        body = lines[start + 1 : end - 1]
        closed = end - 1 > start and lines[end - 1].strip().startswith(marks)
        if not closed or (is_python and any(line.lstrip().startswith("```") for line in body)):
            raise WrittenError(start + 1, "this block is never closed: end it with ``` at the left margin")
        if is_python and (level or not re.match(r"```python(\s|$)", lines[start])):
            message = f"open a Python block with ```python at the left margin, outside lists and quotes: {lines[start]}"
            raise WrittenError(start + 1, message)
        if is_python:
            blocks.append(Block.read(start + 1, info, body, is_lab, course))
    return blocks


def _refuse_what_no_parser_agrees_on(text: str) -> None:
    """Name the fences that one Markdown parser would run and another would not see, and folds that nothing opens."""
    fenced = fenced_lines(text)
    for number, line in enumerate(text.split("\n")):
        if number in fenced:
            continue
        if _LOOKS_LIKE_PYTHON.match(line):
            message = "this Python fence is indented, or inside HTML or a comment: it would not run; put it at the left margin"
            raise WrittenError(number + 1, message)
        if (opening := _FOLD.match(line)) and opening[1] not in set(Fold):
            raise WrittenError(number + 1, f"unknown fold: {opening[1]} (known: {', '.join(Fold)})")

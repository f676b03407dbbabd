"""A page: its Python blocks, in order, with the words and attributes each fence carries."""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .course import Course


class Word(StrEnum):
    """What a bare word after `python` says of a block; labs say it by tags, as Jupyter does."""

    PLAIN = ""
    FOLD = "fold"
    CHECK = "check"
    RAISES = "raises"
    WARNS = "warns"
    NOTEST = "notest"


class Fold(StrEnum):
    """What `/// name` may open."""

    DETAILS = "details"
    NOTE = "note"
    QUESTION = "question"
    RIGHT = "right"
    WRONG = "wrong"


ATTRIBUTES = ("title", "hl_lines", "alt", "program", "explore")
LAB_ATTRIBUTES = ("title", "alt")
SOLUTION = "solution"
TAGS = {SOLUTION: Word.PLAIN, "check": Word.PLAIN, "raises-exception": Word.RAISES, "warns": Word.WARNS}

_MARKDOWN = MarkdownIt("commonmark").disable("inline")  # all that is asked is where the fences are
_INFO = re.compile(r'(\w+)="([^"]*)"|(\w+)=(\[[^\]]*\])|(\S+)')
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*\n", re.S)
# What someone who meant a Python block may have written, in whatever place or spelling.
_LOOKS_LIKE_PYTHON = re.compile(r"^[\s>*+-]*(`{3,}|~{3,})\s*\{?\s*\.?(python\d*|py\d*|pycon)\b", re.I)


class PageError(Exception):
    """A page that cannot be run or shown as it is written; names the file and the line."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(f"{name}:{line}: {message}")
        self.line, self.message = line, message


@dataclass(frozen=True)
class Block:
    """One Python fence: lines are counted from 1, `line` is where the source begins, `fence` to `end` the whole."""

    line: int
    source: str
    fence: int = 0
    end: int = 0
    word: Word = Word.PLAIN
    attributes: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    program: str = ""  # the text of the program that an empty fence names

    @property
    def runs(self) -> bool:
        return self.word != Word.NOTEST

    @property
    def hidden(self) -> bool:
        """Whether readers see nothing of the block, so that nothing they see may need it."""
        return self.word == Word.CHECK

    @property
    def code(self) -> str:
        """What readers see of the block, and may copy."""
        return self.program.rstrip() or self.source

    @property
    def label(self) -> str:
        """What names the block to a person: its program, or its first line."""
        program = self.attributes.get("program")
        return f"program {program}" if program else self.source.partition("\n")[0]


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
    def meta(self) -> dict[str, Any]:
        return _front_matter(self.text)

    @cached_property
    def title(self) -> str:
        """The first heading of the first level; the key if there is none."""
        return self._after_title[0] or self.key

    @cached_property
    def description(self) -> str:
        """The `description:` of the front matter; else the first paragraph."""
        return str(self.meta.get("description") or self._after_title[1])

    @cached_property
    def _after_title(self) -> tuple[str, str]:
        fenced = fenced_lines(self.text)
        front = _FRONT_MATTER.match(self.text)
        start = front[0].count("\n") if front else 0
        prose = [line for n, line in enumerate(self.text.split("\n")) if n >= start and n not in fenced]
        at = next((n for n, line in enumerate(prose) if line.startswith("# ")), None)
        if at is None:
            return "", ""
        return prose[at][2:].strip(), next((line.strip() for line in prose[at + 1 :] if line.strip()), "")

    @classmethod
    def read(cls, path: Path, course: Course) -> "Page":
        """Read the page at `path` below the course's docs; raises PageError."""
        source = path.relative_to(course.docs).as_posix()
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise PageError(course.name(source), line, f"is not UTF-8: {error}") from None
        return cls.parse(source, text, course)

    @classmethod
    def parse(cls, source: str, text: str, course: Course) -> "Page":
        """Find the blocks of `text`; raises PageError for a fence that could be misread."""
        name = course.name(source)
        lines = text.split("\n")
        try:
            is_lab = "jupyter" in _front_matter(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise PageError(name, mark.line + 2 if mark else 1, f"the front matter is not YAML: {error}") from None
        blocks: list[Block] = []
        for token in _fences(text):
            assert token.map
            start, end = token.map
            is_python = _LOOKS_LIKE_PYTHON.match(lines[start])
            body = lines[start + 1 : end - 1]
            closed = end - 1 > start and lines[end - 1].strip().startswith(token.markup)
            if not closed or (is_python and any(line.lstrip().startswith("```") for line in body)):
                raise PageError(name, start + 1, "this block is never closed: end it with ``` at the left margin")
            if is_python:
                _require_plain_fence(name, start + 1, lines[start], token.level)
                blocks.append(_block(name, start + 1, token.info, body, is_lab, course))
        fenced = fenced_lines(text)
        outside = [(number, line) for number, line in enumerate(lines, 1) if number - 1 not in fenced]
        _refuse_hidden_fences(name, outside)
        _refuse_unknown_folds(name, outside)
        return cls(name, source, text, tuple(blocks), is_lab)


def fenced_lines(text: str) -> set[int]:
    """The lines of `text`, counted from 0, that belong to a fence of any language."""
    return {line for token in _fences(text) if token.map for line in range(*token.map)}


def python_fences(text: str) -> list[tuple[int, str]]:
    """Of each fence that says it is Python, its first line, counted from 0, and its source."""
    lines = text.split("\n")
    fences = [range(*token.map) for token in _fences(text) if token.map]
    return [
        (f.start, _source(lines[f.start + 1 : f.stop - 1])) for f in fences if _LOOKS_LIKE_PYTHON.match(lines[f.start])
    ]


def _source(lines: list[str]) -> str:
    # Python-Markdown empties blank lines and widens tabs before it sees a fence; the source must come out the same.
    return "\n".join("" if line.isspace() else line for line in lines).strip("\n")


def _front_matter(text: str) -> dict[str, Any]:
    found = _FRONT_MATTER.match(text)
    meta = yaml.safe_load(found[1] or "") if found else None
    return meta if isinstance(meta, dict) else {}


@lru_cache(maxsize=1024)  # in `mkdocs serve` all pages are read again when one is saved
def _fences(text: str) -> list[Token]:
    return [token for token in _MARKDOWN.parse(text) if token.type == "fence" and token.map]


def _require_plain_fence(name: str, line: int, opening: str, level: int) -> None:
    if level or not re.match(r"```python(\s|$)", opening):
        raise PageError(
            name, line, f"open a Python block with ```python at the left margin, outside lists and quotes: {opening}"
        )


def _refuse_hidden_fences(name: str, outside: list[tuple[int, str]]) -> None:
    """Name the fences that one Markdown parser would run and another would not see."""
    for number, line in outside:
        if _LOOKS_LIKE_PYTHON.match(line):
            raise PageError(
                name,
                number,
                "this Python fence is indented, or inside HTML or a comment: it would not run; put it at the left margin",
            )


def _refuse_unknown_folds(name: str, outside: list[tuple[int, str]]) -> None:
    for number, line in outside:
        opening = re.match(r"\s*/{3,}(?!/)\s*([^\s|]+)", line)
        if opening and opening[1] not in set(Fold):
            raise PageError(name, number, f"unknown fold: {opening[1]} (known: {', '.join(Fold)})")


def _block(name: str, line: int, info: str, lines: list[str], is_lab: bool, course: Course) -> Block:
    words: list[Word] = []
    attributes: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    known_attributes = LAB_ATTRIBUTES if is_lab else ATTRIBUTES
    for key, value, list_key, items, word in _INFO.findall(info.removeprefix("python")):
        if list_key == "tags" and is_lab:
            tags = tuple(re.findall(r'"([^"]*)"', items))
            if unknown := [tag for tag in tags if tag not in TAGS]:
                raise PageError(name, line, f"unknown tag: {', '.join(unknown)} (known: {', '.join(TAGS)})")
            words += [TAGS[tag] for tag in tags if TAGS[tag]]
        elif key in known_attributes:
            attributes[key] = value
        elif word and word in set(Word) and not is_lab:
            words.append(Word(word))
        else:
            if word.partition("=")[0] in known_attributes:
                raise PageError(name, line, f'put the value of an attribute in double quotes, as in alt="…": {word}')
            known = ['tags=["…"]'] if is_lab else [w for w in Word if w]
            known += [f'{attribute}="…"' for attribute in known_attributes]
            found = key or list_key or word
            raise PageError(name, line, f"unknown word after python: {found} (known: {', '.join(known)})")
    if len(words) > 1:
        raise PageError(name, line, f"one word a block, not {len(words)}: {' '.join(words)}")
    source = _source(lines)
    first = line + 1 + next((n for n, text in enumerate(lines) if text.strip()), 0)
    if "\t" in source:
        tabbed = next(n for n, text in enumerate(lines, line + 1) if "\t" in text)
        raise PageError(name, tabbed, "a tab in a Python block: use spaces")
    chosen = attributes.get("program")
    program = ""
    if chosen is not None:
        if source or words:
            raise PageError(name, line, "a fence with program= is empty and carries no word")
        if chosen not in course.known_programs:
            have = ", ".join(course.known_programs)
            raise PageError(name, line, f"no program {chosen} in {course.programs} (there are: {have})")
        program = course.known_programs[chosen].read_text(encoding="utf-8")
    elif not source:
        raise PageError(name, line, "an empty Python block")
    explore = attributes.get("explore")
    if explore is not None and explore not in course.known_explorables:
        have = ", ".join(course.known_explorables)
        raise PageError(name, line, f"no explorable {explore} in {course.explorables} (there are: {have})")
    if explore is not None and words != [Word.CHECK]:
        raise PageError(
            name, line, "explore= goes with the word check: what the block prints is not shown, but published"
        )
    word = words[0] if words else Word.PLAIN
    return Block(first, source, line, line + len(lines) + 1, word, attributes, tags, program)

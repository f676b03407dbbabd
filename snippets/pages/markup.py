"""What a page's Markdown is made of: front matter, fences, folds, links, and what stands between them."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark").disable("inline")  # all that is asked is where the fences are
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*\n", re.S)
_FOLD = re.compile(r"([ \t]*)(/{3,})[ \t]*([^\s|]*)[ \t]*(?:\|[ \t]*(.*?)|(.*?))[ \t]*")
# What someone who meant a Python block may have written, in whatever place or spelling.
_LOOKS_LIKE_PYTHON = re.compile(r"[\s>*+-]*(`{3,}|~{3,})\s*\{?\s*\.?(python\d*|py\d*|pycon|ipython\d*)\b", re.I)
# Comments, code and formulas, within a paragraph: what looks like Markdown there is none.
SPANS = re.compile(
    r"<!--.*?-->"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?![ \t]*\n)|(?!(?P=ticks)(?!`))`+)+(?P=ticks)(?!`)"
    r"|(?<![\\$])\$\$(?:[^$\n]|\n(?![ \t]*\n))+\$\$"
    r"|(?<![\\$])\$(?![\s$])(?:[^$\n\\]|\\.)*?(?<!\s)\$",
    re.S,
)
# The address in `[text](page.md#anchor "title")`, and in the line `[name]: page.md` that a link of that name stands for.
_ADDRESS = r"(?:<[^<>\n]*>|(?:[^\s()<>]|\([^\s()]*\)|[ \t]+(?![\s\"'(]))+)"
LINK = re.compile(rf"(?:(?<=\]\()[ \t]*|^ {{0,3}}\[(?!\^)[^\]\n]+\]:[ \t]*)(?P<address>{_ADDRESS})(?=\s|\)|$)", re.M)


class Fold(StrEnum):
    """What `/// name` may open; PREDICT is a question that hides what the block below it gives until it is answered."""

    DETAILS = "details"
    NOTE = "note"
    QUESTION = "question"
    PREDICT = "predict"
    RIGHT = "right"
    WRONG = "wrong"


ANSWERS = (Fold.RIGHT, Fold.WRONG)
QUESTIONS = (Fold.QUESTION, Fold.PREDICT)


class FoldLine(NamedTuple):
    """A line of at least three slashes: it opens the fold `name`, or ends one if that is empty.

    `title` is what follows a bar, None without one; `stray` what follows the name without one, which no parser takes.
    """

    margin: str
    slashes: str
    name: str
    title: str | None
    stray: str


class Fence(NamedTuple):
    """A fence of any language: its first line, counted from 0, the one after its last, how deep it stands, what opens it."""

    start: int
    end: int
    level: int
    marks: str
    info: str
    content: str


def fold_line(line: str) -> FoldLine | None:
    """What a line of a page opens or ends; None if neither."""
    found = _FOLD.fullmatch(line)
    return FoldLine(found[1], found[2], found[3], found[4], found[5] or "") if found else None


def front_matter(text: str) -> tuple[str | None, int]:
    """The front matter, None if there is none, and how many lines it takes with those around it."""
    found = _FRONT_MATTER.match(text)
    return (found[1] or "", found[0].count("\n")) if found else (None, 0)


@lru_cache(maxsize=1024)  # in `mkdocs serve` all pages are read again when one is saved
def fences(text: str) -> tuple[Fence, ...]:
    tokens = [(token, token.map) for token in _MARKDOWN.parse(text) if token.type == "fence" and token.map]
    return tuple(Fence(at[0], at[1], t.level, t.markup, t.info.strip(), t.content) for t, at in tokens)


def fenced_lines(text: str) -> set[int]:
    """The lines of `text`, counted from 0, that belong to a fence of any language."""
    return {line for fence in fences(text) for line in range(fence.start, fence.end)}


def looks_like_python(line: str) -> bool:
    return bool(_LOOKS_LIKE_PYTHON.match(line))


def python_fences(text: str) -> list[tuple[int, str]]:
    """Of each fence that says it is Python, its first line, counted from 0, and its source."""
    lines = text.split("\n")
    found = [fence for fence in fences(text) if looks_like_python(lines[fence.start])]
    return [(fence.start, source_of(lines[fence.start + 1 : fence.end - 1])) for fence in found]


def source_of(lines: list[str]) -> str:
    """The source in a fence's lines, as Python-Markdown will see it, which empties blank ones."""
    return "\n".join("" if line.isspace() else line for line in lines).strip("\n")


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines, counted from 0, that belong neither to the front matter nor to a fence."""
    fenced, (_, start) = fenced_lines(text), front_matter(text)
    return ((n, line) for n, line in enumerate(text.split("\n")) if n >= start and n not in fenced)


def plain_prose(text: str) -> str:
    """`text` line for line, with blanks for all that is no prose: front matter, fences, comments, code, formulas."""
    lines = [""] * (text.count("\n") + 1)
    for number, line in prose_lines(text):
        lines[number] = line
    return SPANS.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), "\n".join(lines))

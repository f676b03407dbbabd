"""A page: its Python blocks, in order, and what else the Markdown says of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .block import Block, Word, WrittenError
from .course import Course
from .markup import LINK, Fence, fences, fold_line, looks_like_python, plain_prose, prose_lines
from .written import meta_of, mistakes


class PageError(Exception):
    """A page that cannot be run or shown as it is written: a line for each mistake names the file, the line and what to do."""

    def __init__(self, name: str, *mistakes: WrittenError) -> None:
        super().__init__("\n".join(f"{name}:{one.line}: {one.message}" for one in mistakes))
        self.line, self.message = mistakes[0].line, mistakes[0].message


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

    @property
    def claims_something(self) -> bool:
        return any(block.word == Word.CLAIM for block in self.blocks)

    @cached_property
    def decides(self) -> bytes:
        """All that decides what the blocks give, and nothing else: not the page's name, nor its prose."""
        reach = ("alt", "explore", "program")  # the attributes that reach a block's output
        blocks = [(b.code, b.word, b.tags, [b.attributes.get(name) for name in reach]) for b in self.blocks]
        return json.dumps(blocks).encode()

    @cached_property
    def title(self) -> str:
        """The first heading of the first level, or the `title:` of the front matter; the key if there is neither."""
        heading = next((line[2:].strip() for _, line in prose_lines(self.text) if line.startswith("# ")), "")
        return heading or str(meta_of(self.text).get("title") or self.key)

    @cached_property
    def description(self) -> str:
        """The `description:` of the front matter; else the first paragraph, and empty if there is neither."""
        lines = (line.strip() for _, line in prose_lines(self.text) if not fold_line(line))
        paragraph = next((line for line in lines if line and not line.startswith(("#", "<", "!["))), "")
        return str(meta_of(self.text).get("description") or paragraph)

    @cached_property
    def links(self) -> tuple[tuple[int, str], ...]:
        """Where the links and pictures of the prose lead, as written, each with its line."""
        prose = plain_prose(self.text)
        found = [(prose.count("\n", 0, link.start("address")), link["address"]) for link in LINK.finditer(prose)]
        return tuple((before + 1, address.strip(" \t<>")) for before, address in found)

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
    def parse(cls, source: str, text: str, course: Course, whole: bool = True) -> "Page":
        """Find the blocks of `text`; raises PageError, which names all mistakes. Only a `whole` page needs a title."""
        wrong: list[WrittenError] = []
        try:
            meta = meta_of(text)
        except WrittenError as error:
            wrong.append(error)
            meta = dict.fromkeys(re.findall(r"^(\w+):", text.partition("\n---")[0], re.M))
        is_lab = "jupyter" in meta
        lines, blocks = text.split("\n"), list[Block]()
        for fence in fences(text):
            try:
                blocks += _block(fence, lines, is_lab, course)
            except NeverClosedError as error:  # what follows was taken in by the fence, and would be found wrong too
                raise PageError(course.name(source), *wrong, error) from None
            except WrittenError as error:
                wrong.append(error)
        wrong += mistakes(text, titled=not whole or bool(meta.get("title")))
        if wrong:
            raise PageError(course.name(source), *sorted(wrong, key=lambda one: one.line))
        return cls(course.name(source), source, text, tuple(blocks), is_lab)


class NeverClosedError(WrittenError):
    """A fence that takes in the rest of its page."""


def not_utf8(name: str, error: UnicodeDecodeError) -> PageError:
    before = error.object[: error.start]
    near = before[-20:].decode("utf-8", "ignore").rpartition("\n")[2].strip()
    after = f" after {near!r}" if near else ""
    message = f"is not UTF-8: byte 0x{error.object[error.start]:02x}{after}; save the file as UTF-8"
    return PageError(name, WrittenError(before.count(b"\n") + 1, message))


def _block(fence: Fence, lines: list[str], is_lab: bool, course: Course) -> Iterator[Block]:
    """The block of a fence, if it is one; raises WrittenError."""
    opening, body, line = lines[fence.start], lines[fence.start + 1 : fence.end - 1], fence.start + 1
    is_python = looks_like_python(opening)
    closed = fence.end - 1 > fence.start and lines[fence.end - 1].lstrip(" \t>").startswith(fence.marks)
    if not closed or (is_python and any(one.lstrip().startswith("```") for one in body)):
        raise NeverClosedError(line, f"this block is never closed: end it with {fence.marks} at the left margin")
    if not is_python:
        return
    if fence.level or opening != opening.lstrip(" \t>"):
        message = f"a Python block stands at the left margin, outside lists and quotes: {opening.strip()}"
        raise WrittenError(line, message)
    if not re.match(r"```python(\s|$)", opening):
        message = f"write ```python in place of {opening.strip()}, and end the block with ```"
        raise WrittenError(line, message)
    yield Block.read(line, fence.info, body, is_lab, course)

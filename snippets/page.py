"""A page: its Python blocks, in order, with the words and attributes each fence carries."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

WORDS = ("fold", "check", "raises", "warns", "notest")
ATTRIBUTES = ("title", "hl_lines", "alt", "program", "explore")
FOLDS = ("details", "note", "question", "right", "wrong")  # what `/// name` may open
EXPLORABLES = ("neuron", "temperature", "descent", "digit")
PROGRAMS = Path(__file__).parent / "programs"

_MARKDOWN = MarkdownIt("commonmark").disable("inline")  # all that is asked is where the fences are
_INFO = re.compile(r'(\w+)="([^"]*)"|(\w+)=(\[[^\]]*\])|(\S+)')
# What someone who meant a Python block may have written, in whatever place or spelling.
_LOOKS_LIKE_PYTHON = re.compile(r"^[\s>*+-]*(`{3,}|~{3,})\s*\{?\s*\.?(python\d*|py\d*|pycon)\b", re.I)


class PageError(Exception):
    """A page that cannot be run as it is written; names the file and the line."""

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
    word: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        return self.word != "notest"

    @property
    def label(self) -> str:
        """What names the block to a person: its program, or its first line."""
        program = self.attributes.get("program")
        return f"program {program}" if program else self.source.partition("\n")[0]


@dataclass(frozen=True)
class Page:
    """A Markdown page; `name` is its path as people write it (docs/tensors/tensors.md)."""

    name: str
    text: str
    blocks: tuple[Block, ...]
    is_lab: bool

    @property
    def key(self) -> str:
        """The page's name without the folder docs and the ending: `tensors/tensors`."""
        return self.name.removeprefix("docs/").removesuffix(".md")

    @classmethod
    def read(cls, path: Path, docs: Path) -> "Page":
        """Read the page at `path` below the folder `docs`; raises PageError."""
        name = "docs/" + path.relative_to(docs).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise PageError(name, 1, f"is not UTF-8: {error}") from None
        return cls.parse(name, text)

    @classmethod
    def parse(cls, name: str, text: str) -> "Page":
        """Find the blocks of `text`; raises PageError for a fence that could be misread."""
        lines = text.split("\n")
        front_matter = re.match(r"---\n.*?\n---\n", text, re.S)
        is_lab = bool(front_matter and re.search(r"^jupyter:", front_matter[0], re.M))
        blocks: list[Block] = []
        fenced: set[int] = set()
        for token in _fences(text):
            assert token.map
            start, end = token.map
            fenced.update(range(start, end))
            is_python = _LOOKS_LIKE_PYTHON.match(lines[start])
            body = lines[start + 1 : end - 1]
            closed = end - 1 > start and lines[end - 1].strip().startswith(token.markup)
            if not closed or (is_python and any(line.lstrip().startswith("```") for line in body)):
                raise PageError(name, start + 1, "this block is never closed: end it with ``` at the left margin")
            if is_python:
                _require_plain_fence(name, start + 1, lines[start], token.level)
                blocks.append(_block(name, start + 1, token.info, body, is_lab))
        outside = [(number, line) for number, line in enumerate(lines, 1) if number - 1 not in fenced]
        _refuse_hidden_fences(name, outside)
        _refuse_unknown_folds(name, outside)
        return cls(name, text, tuple(blocks), is_lab)


@lru_cache(maxsize=1024)  # in `mkdocs serve` all pages are read again when one is saved
def _fences(text: str) -> list[Token]:
    return [token for token in _MARKDOWN.parse(text) if token.type == "fence" and token.map]


def _require_plain_fence(name: str, line: int, opening: str, level: int) -> None:
    if level or not re.match(r"```python(\s|$)", opening):
        raise PageError(name, line, "open a Python block with ```python at the left margin, outside lists and quotes")


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
        if opening and opening[1] not in FOLDS:
            raise PageError(name, number, f"unknown fold: {opening[1]} (known: {', '.join(FOLDS)})")


def _block(name: str, line: int, info: str, lines: list[str], is_lab: bool) -> Block:
    words: list[str] = []
    attributes: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    for key, value, list_key, items, word in _INFO.findall(info.removeprefix("python")):
        if list_key == "tags" and is_lab:
            tags = tuple(re.findall(r'"([^"]*)"', items))
        elif key in ATTRIBUTES and not is_lab:
            attributes[key] = value
        elif word in WORDS and not is_lab:
            words.append(word)
        else:
            if word.partition("=")[0] in ATTRIBUTES and not is_lab:
                raise PageError(name, line, f'put the value of an attribute in double quotes, as in alt="…": {word}')
            known = 'tags=["…"]' if is_lab else ", ".join([*WORDS, *(f'{a}="…"' for a in ATTRIBUTES)])
            raise PageError(name, line, f"unknown word after python: {key or list_key or word} (known: {known})")
    if len(words) > 1:
        raise PageError(name, line, f"one word a block, not {len(words)}: {' '.join(words)}")
    # Python-Markdown empties blank lines and widens tabs before it sees a fence; the source must come out the same.
    source = "\n".join("" if text.isspace() else text for text in lines).strip("\n")
    first = line + 1 + next((n for n, text in enumerate(lines) if text.strip()), 0)
    if "\t" in source:
        raise PageError(name, line, "a tab in a Python block: use spaces")
    program = attributes.get("program")
    if program is not None:
        if source or words:
            raise PageError(name, line, "a fence with program= is empty and carries no word")
        if Path(program).name != program or not (PROGRAMS / program).is_file():
            have = ", ".join(sorted(path.name for path in PROGRAMS.glob("*.py")))
            raise PageError(name, line, f"no program {program} in snippets/programs (there are: {have})")
    elif not source:
        raise PageError(name, line, "an empty Python block")
    explore = attributes.get("explore")
    if explore is not None and explore not in EXPLORABLES:
        raise PageError(name, line, f"no explorable {explore} (there are: {', '.join(EXPLORABLES)})")
    if explore is not None and words != ["check"]:
        raise PageError(
            name, line, "explore= goes with the word check: what the block prints is not shown, but published"
        )
    word = words[0] if words else ""
    return Block(first, source, line, line + len(lines) + 1, word, attributes, tags)

"""One Python fence: its source, and the words and attributes after `python`."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from .claim import NotAClaimError, claims
from .course import Course
from .markup import source_of


class Word(StrEnum):
    """What a bare word after `python` says of a block; labs say it by tags, as Jupyter does."""

    PLAIN = ""
    FOLD = "fold"
    CHECK = "check"
    CLAIM = "claim"
    RAISES = "raises"
    WARNS = "warns"
    NOTEST = "notest"


ATTRIBUTES = ("title", "hl_lines", "alt", "program", "explore")
LAB_ATTRIBUTES = ("title", "alt")
SOLUTION = "solution"
TAGS = {
    SOLUTION: Word.PLAIN,
    "check": Word.PLAIN,
    "claim": Word.CLAIM,
    "raises-exception": Word.RAISES,
    "warns": Word.WARNS,
}

_INFO = re.compile(r'(\w+)="([^"]*)"|(\w+)=(\[[^\]]*\])|(\S+)')


class WrittenError(Exception):
    """Something that cannot be run or shown as it is written, and its line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
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
        return self.word in (Word.CHECK, Word.CLAIM)

    @property
    def claims(self) -> list[tuple[int, str]]:
        """What the block claims: for each assertion its line, counted within the source from 1, and its wording."""
        return claims(self.source) if self.word == Word.CLAIM else []

    @property
    def code(self) -> str:
        """What readers see of the block, and may copy."""
        return self.program.rstrip() or self.source

    @property
    def label(self) -> str:
        """What names the block to a person: its program, or its first line."""
        program = self.attributes.get("program")
        return f"program {program}" if program else self.source.partition("\n")[0]

    @classmethod
    def read(cls, fence: int, info: str, lines: list[str], is_lab: bool, course: Course) -> "Block":
        """The block of the `lines` below a fence that opens with `info` at the line `fence`; raises WrittenError."""
        word, attributes, tags = _described(fence, info, is_lab)
        source = source_of(lines)
        if "\t" in source:
            tabbed = next(number for number, text in enumerate(lines, fence + 1) if "\t" in text)
            raise WrittenError(tabbed, "a tab in a Python block: use spaces")
        program = ""
        if (chosen := attributes.get("program")) is not None:
            if source or word:
                raise WrittenError(fence, "a fence with program= is empty and carries no word")
            _require_known(fence, "program", chosen, course.known_programs, course.programs)
            program = course.known_programs[chosen].read_text(encoding="utf-8")
        elif not source:
            raise WrittenError(fence, "an empty Python block")
        if (explore := attributes.get("explore")) is not None:
            folder = f"{course.docs.name}/{course.explorables}"
            _require_known(
                fence, "explorable", f"{explore}.js", [f"{one}.js" for one in course.known_explorables], folder
            )
            if word != Word.CHECK:
                message = "explore= goes with the word check: what the block prints is not shown, but published"
                raise WrittenError(fence, message)
        if word == Word.CLAIM:
            try:
                claims(source)
            except NotAClaimError as error:
                raise WrittenError(fence + error.line, str(error)) from None
        code = program.rstrip() or source
        _require_lines(fence, attributes.get("hl_lines"), code.count("\n") + 1)
        # A block that names a program has no line of its own but the fence.
        first = next((number for number, text in enumerate(lines, fence + 1) if text.strip()), fence)
        return cls(first, source, fence, fence + len(lines) + 1, word, attributes, tags, program)


def _described(fence: int, info: str, is_lab: bool) -> tuple[Word, dict[str, str], tuple[str, ...]]:
    """The word, attributes and tags after `python`."""
    words: list[Word] = []
    attributes: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    allowed = LAB_ATTRIBUTES if is_lab else ATTRIBUTES
    last = ""  # the attribute that stands before
    for found in _INFO.finditer(info.removeprefix("python")):
        key, value, list_key, items, word = (part or "" for part in found.groups())
        after = found.string[found.end() : found.end() + 1]
        if opened := re.match(r'(\w+)="', word):
            raise WrittenError(fence, f'the double quote that begins {opened[1]}="…" never ends')
        if after.strip() or (last and '"' in word):
            name = key or last or list_key
            message = f'a double quote ends {name}="…" too soon: write single quotes inside, and a space behind it'
            raise WrittenError(fence, message)
        last = key or last
        if list_key == "tags" and is_lab:
            tags = tuple(re.findall(r'"([^"]*)"', items))
            if unknown := [tag for tag in tags if tag not in TAGS]:
                raise WrittenError(fence, f"unknown tag: {', '.join(unknown)} (known: {', '.join(TAGS)})")
            words += filter(None, map(TAGS.__getitem__, tags))
        elif key in allowed:
            attributes[key] = value
        elif word and word in set(Word) and not is_lab:
            words.append(Word(word))
        elif word.partition("=")[0] in allowed:
            raise WrittenError(fence, f'put the value of an attribute in double quotes, as in alt="…": {word}')
        else:
            known = ['tags=["…"]'] if is_lab else [one for one in Word if one]
            known += [f'{attribute}="…"' for attribute in allowed]
            said = key or list_key or word
            raise WrittenError(fence, f"unknown word after python: {said} (known: {', '.join(known)})")
    if len(words) > 1:
        raise WrittenError(fence, f"one word a block, not {len(words)}: {' '.join(words)}")
    return words[0] if words else Word.PLAIN, attributes, tags


def _require_known(fence: int, what: str, name: str, known: Collection[str], folder: str) -> None:
    if name not in known:
        raise WrittenError(fence, f"no {what} {name} in {folder} (there are: {', '.join(known) or 'none'})")


def _require_lines(fence: int, chosen: str | None, count: int) -> None:
    """Refuse `hl_lines` that name no lines of a block of `count` lines."""
    if chosen is None:
        return
    parts = [re.fullmatch(r"(\d+)(?:-(\d+))?", part) for part in chosen.split()]
    spans = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    if not spans or None in parts or any(first > last for first, last in spans):
        raise WrittenError(
            fence, f'hl_lines="{chosen}": write numbers of lines and ranges of them, as in hl_lines="2 4-5"'
        )
    if any(first < 1 or last > count for first, last in spans):
        raise WrittenError(fence, f'hl_lines="{chosen}": the block has the lines 1 to {count}')

"""The record: the output of every page as plain text that a reviewer can read, and how far an output may differ."""

import difflib
import re

from ..pages import Page
from ..run import Kind, Output

_HEADING = re.compile(r"^(\d+)\. ")
# A number printed with a point or an exponent; a whole number is not one.
_FLOAT = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+(?=e[-+]?\d))(?:e[-+]?\d+)?(?![\w.])", re.I)
_WHOLE = re.compile(r"\.(?!\d)")


def write(page: Page, outputs: tuple[Output, ...]) -> str:
    """The record of a page: for each block that says something its number, its first line, its output indented."""
    lines = [f"{page.name}: what its blocks give. Written by pytest --update-outputs.", ""]
    for number, (block, output) in enumerate(zip(page.blocks, outputs, strict=True), 1):
        text = in_words(output)
        if text:
            lines += [f"{number}. {block.label}", *(f"    {line}".rstrip() for line in text.split("\n")), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def read(text: str) -> dict[int, str]:
    """The recorded output of each block that has one, by its number, counted from 1."""
    outputs: dict[int, list[str]] = {}
    number = 0
    for line in text.split("\n")[1:]:
        if heading := _HEADING.match(line):
            number = int(heading[1])
            outputs[number] = []
        elif number:
            outputs[number].append(line.removeprefix("    "))
    return {number: "\n".join(lines).strip("\n") for number, lines in outputs.items()}


def in_words(output: Output) -> str:
    """An output as text; of a figure, its alternative text, labels and plotted numbers; of data, its numbers."""
    pieces = [
        f"[figure] {part.text}\n{part.words}"
        if part.kind == Kind.FIGURE
        else f"[explorable]\n{part.words}"
        if part.kind == Kind.DATA
        else part.text
        for part in output
    ]
    text = "\n".join(piece.strip("\n") for piece in pieces if piece.strip("\n"))
    return "\n".join(line.rstrip() for line in text.splitlines())


def difference(recorded: str, found: str) -> str:
    """A readable diff of two outputs; empty if they agree as `same_line` says, line for line."""
    old, new = recorded.split("\n"), found.split("\n")
    if len(old) == len(new) and all(map(same_line, old, new)):
        return ""
    # Lines that agree within the tolerance are shown as they were recorded, so that only what differs stands out.
    if len(old) == len(new):
        new = [a if same_line(a, b) else b for a, b in zip(old, new, strict=True)]
    return diff("\n".join(old), "\n".join(new))


def diff(old: str, new: str, before: str = "recorded", after: str = "now") -> str:
    return "\n".join(difflib.unified_diff(old.split("\n"), new.split("\n"), before, after, lineterm="", n=2))


def same_line(a: str, b: str) -> bool:
    """Whether two lines agree.

    Words, names and whole numbers agree exactly (`6.` is one, and `-0.` is `0.`), runs of spaces count as one, and a
    number printed with decimals or an exponent may differ by one in its last digit.
    """
    if a == b:
        return True
    shape_a, shape_b = (re.sub(r" *\0 *", "\0", re.sub(r" +", " ", _FLOAT.sub("\0", line))).strip() for line in (a, b))
    return shape_a == shape_b and all(map(_close, _FLOAT.findall(a), _FLOAT.findall(b)))


def _close(a: str, b: str) -> bool:
    """Whether two printed numbers have the same number of digits and differ by at most one in the last."""
    if _WHOLE.search(a) or _WHOLE.search(b):  # torch and NumPy leave the decimals out only of what has none
        return float(a) == float(b)
    unit_a, unit_b = _last_digit(a), _last_digit(b)
    has_exponent = "e" in a.lower() or "e" in b.lower()
    if unit_a != unit_b and not has_exponent:
        return False
    # The small share forgives that 0.3 - 0.2 is a little more than 0.1 in binary.
    return abs(float(a) - float(b)) <= min(unit_a, unit_b) * 1.001


def _last_digit(number: str) -> float:
    digits, _, exponent = number.lower().partition("e")
    decimals = len(digits.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals)

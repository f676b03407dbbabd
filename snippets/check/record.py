"""The record: the output of every page as plain text that a reviewer can read, and how far an output may differ."""

import difflib
import re

from ..pages import Block, Page
from ..run import Kind, Output

# A number printed with a point or an exponent; a whole number is not one.
_FLOAT = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+(?=e[-+]?\d))(?:e[-+]?\d+)?(?![\w.])", re.I)
_WHOLE = re.compile(r"\.(?!\d)")


def write(page: Page, outputs: tuple[Output, ...]) -> str:
    """The record of a page: for each block that runs its first line, and its output indented."""
    lines = [f"{page.name}: what its blocks give. Written by pytest --update-outputs.", ""]
    for block, output in zip(page.blocks, outputs, strict=True):
        if block.runs:
            text = in_words(output)
            lines += [_heading(block), *(f"    {line}".rstrip() for line in text.split("\n") if text), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def matched(page: Page, text: str) -> tuple[dict[int, str], list[str]]:
    """The recorded output of each block of the page that has one, by its index; and what is recorded of blocks that are gone.

    Blocks are found by their first lines, in order. Where as many were changed as are new, they are taken for the same.
    """
    recorded = _read(text)
    blocks = [(index, _heading(block)) for index, block in enumerate(page.blocks) if block.runs]
    headings = [heading for heading, _ in recorded], [heading for _, heading in blocks]
    found: dict[int, str] = {}
    gone: list[str] = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, *headings, autojunk=False).get_opcodes():
        if how == "equal" or b - a == d - c:
            found |= {blocks[c + n][0]: recorded[a + n][1] for n in range(b - a)}
        else:
            gone += [heading for heading, output in recorded[a:b] if output]
    return found, gone


def _heading(block: Block) -> str:
    return block.label.strip()


def _read(text: str) -> list[tuple[str, str]]:
    """What stands in a record: the first line of each block, and its output."""
    entries: list[tuple[str, list[str]]] = []
    for line in text.split("\n")[1:]:
        if line and not line.startswith("    "):
            entries.append((line, []))
        elif entries:
            entries[-1][1].append(line.removeprefix("    "))
    return [(heading, "\n".join(lines).strip("\n")) for heading, lines in entries]


def in_words(output: Output) -> str:
    """An output as text; of a figure, its alternative text, labels and plotted numbers; of data, its numbers."""
    pieces = [
        f"[figure] {part.text}\n{part.words}"
        if part.kind == Kind.FIGURE
        else f"[explorable]\n{part.words}"
        if part.kind == Kind.DATA
        else part.text
        for part in output
        if part.kind not in (Kind.CLAIM, Kind.BROKEN)  # what a claim compared stands in a record of its own
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

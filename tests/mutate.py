"""The mutation check: one number, operator or seed changed in one block at a time; does the record notice?

    python tests/mutate.py                            every page
    python tests/mutate.py docs/tensors/tensors.md    these

A mutant is *changed* if what its page publishes differs by more than the tolerance allows, which is judged here from the
published texts and drawings by other code than the check's own. It is *caught* if the page fails, or its output differs from
the record as `pytest` compares it. Every changed mutant has to be caught; those that are not are listed.
"""

import ast
import random
import re
import sys
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.course import COURSE

from snippets.check import record
from snippets.check.records import Records
from snippets.pages import Block, Page
from snippets.run import Kind, Output, Result, Runner

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.GtE,
    ast.Gt: ast.LtE,
    ast.Eq: ast.NotEq,
}
MOVED = 4.0  # points that something in a drawing may move and still look the same; a drawing is about 400 wide


@dataclass(frozen=True)
class Mutant:
    page: Page
    index: int
    what: str


def mutants(page: Page, chance: random.Random) -> list[Mutant]:
    """One mutant for each block that has something to change."""
    found = []
    for index, block in enumerate(page.blocks):
        if not block.runs or block.hidden or block.program:
            continue
        choice = _change(block, chance)
        if choice:
            source, what = choice
            blocks = (*page.blocks[:index], replace(block, source=source), *page.blocks[index + 1 :])
            found.append(Mutant(replace(page, blocks=blocks), index, what))
    return found


def _change(block: Block, chance: random.Random) -> tuple[str, str] | None:
    try:
        tree = ast.parse(block.source)
    except SyntaxError:
        return None
    places = [node for node in ast.walk(tree) if _is_number(node) or type(getattr(node, "op", None)) in OPERATORS]
    if not places:
        return None
    place = chance.choice(places)
    before = ast.unparse(place)
    if isinstance(place, ast.Constant):
        assert isinstance(place.value, int | float)
        place.value = place.value + 1 if isinstance(place.value, int) else place.value * 1.5 + 0.1
    else:
        place.op = OPERATORS[type(place.op)]()  # type: ignore[attr-defined]
    return ast.unparse(tree), f"{before} → {ast.unparse(place)}"


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def differs(old: Output, new: Output) -> bool:
    """Whether two outputs differ to a reader: words or whole numbers at all, other numbers beyond their last digit."""
    if [part.kind for part in old] != [part.kind for part in new]:
        return True
    return any(
        _drawing_differs(a.svg, b.svg) if a.kind == Kind.FIGURE else _text_differs(a.text, b.text)
        for a, b in zip(old, new, strict=True)
        if a.kind != Kind.DATA
    )


def _text_differs(old: str, new: str) -> bool:
    a, b = old.split(), new.split()
    if len(a) != len(b):  # a sign may have taken the place of a space
        a, b = old.replace("[", "[ ").split(), new.replace("[", "[ ").split()
    if len(a) != len(b):
        return True
    return any(x != y and not _numbers_agree(x.strip("[](),:%"), y.strip("[](),:%")) for x, y in zip(a, b, strict=True))


def _numbers_agree(a: str, b: str) -> bool:
    if not re.fullmatch(r"-?\d*\.\d*(e[-+]\d+)?", a) or not re.fullmatch(r"-?\d*\.\d*(e[-+]\d+)?", b):
        return False
    x, y = Decimal(a), Decimal(b)
    unit = min(Decimal(1).scaleb(int(x.as_tuple().exponent)), Decimal(1).scaleb(int(y.as_tuple().exponent)))
    return abs(x - y) <= unit


def _drawing_differs(old: str, new: str) -> bool:
    """Whether a label changed, or a point moved further than a reader would overlook."""
    if re.findall(r"<text[^>]*>([^<]*)", old) != re.findall(r"<text[^>]*>([^<]*)", new):
        return True
    numbers = [
        [float(n) for n in re.findall(r"-?\d+\.\d+", re.sub(r'href="data:[^"]*"', "", svg))] for svg in (old, new)
    ]
    if len(numbers[0]) != len(numbers[1]):
        return True
    return any(abs(a - b) > MOVED for a, b in zip(*numbers, strict=True))


def caught(page: Page, recorded: dict[int, str], result: Result) -> bool:
    """Whether the check fails: the page does not run to its end, or an output is not the recorded one."""
    return bool(result.failure) or any(
        record.difference(recorded.get(n, ""), record.in_words(output)) for n, output in enumerate(result.outputs)
    )


def main(names: list[str]) -> int:
    paths = [COURSE.root / name for name in names] or sorted(COURSE.docs.rglob("*.md"))
    pages = [page for page in (Page.read(path, COURSE) for path in paths) if page.blocks]
    runner, records = Runner(COURSE, pages), Records(COURSE)
    sound: dict[str, Result] = {}
    runner.run_all(pages, lambda page, result: sound.__setitem__(page.name, result), print)
    made = [mutant for page in pages for mutant in mutants(page, random.Random(page.name))]
    by_page = {id(mutant.page): mutant for mutant in made}
    tally = {"mutants": 0, "changed": 0, "caught": 0, "caught within the tolerance of this judge": 0}
    missed: list[str] = []

    def judge(page: Page, result: Result) -> None:
        mutant, before = by_page[id(page)], sound[page.name]
        recorded, _ = records.expected(page)
        changed = bool(result.failure) or any(map(differs, before.outputs, result.outputs))
        is_caught = caught(page, recorded, result)
        tally["mutants"] += 1
        tally["changed"] += changed
        tally["caught"] += changed and is_caught
        tally["caught within the tolerance of this judge"] += is_caught and not changed
        if changed and not is_caught:
            missed.append(f"{page.name}:{page.blocks[mutant.index].line}: {mutant.what}")

    runner.run_all([mutant.page for mutant in made], judge, print)
    print(*missed, sep="\n")
    print(", ".join(f"{count} {name}" for name, count in tally.items()))
    print(f"caught / changed: {tally['caught']} / {tally['changed']}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

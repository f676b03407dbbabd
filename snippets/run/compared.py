"""A claim while it runs: each assertion is evaluated for itself, and what it compared is kept."""

import ast
import reprlib
from collections.abc import Iterable
from typing import Any

from ..pages import asserts, worded
from .output import Kind, Part

NAME = "__claim__"
FEW = 8  # numbers of a tensor that are shown

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 60


def claimed(tree: ast.Module, flags: int, name: str, namespace: dict[str, Any]) -> tuple[Part, ...]:
    """Run the parsed block `name`: for each of its assertions whether it held, and the values that it compared."""
    wordings = [worded(one) for one in asserts(tree)]
    namespace[NAME] = compared = _Compared(len(wordings))
    try:
        watched = ast.fix_missing_locations(_Watch(tree).visit(tree))
        exec(compile(watched, name, "exec", flags, dont_inherit=True), namespace)
    finally:
        namespace.pop(NAME, None)
    return tuple(
        Part(Kind.CLAIM if holds else Kind.BROKEN, wording, words=", ".join(f"{k} = {v}" for k, v in values.items()))
        for wording, holds, values in zip(wordings, compared.holds, compared.values, strict=True)
    )


def told(parts: Iterable[Part]) -> str:
    """What is said of the assertions that did not hold; empty if all did."""
    broken = [part for part in parts if part.kind == Kind.BROKEN]
    return "\n".join(f"this claim does not hold: {part.text}\nwhere {part.words}" for part in broken)


class _Compared:
    """Takes what the assertions of one block compare, in the order in which they are evaluated."""

    def __init__(self, count: int) -> None:
        self.holds = [True] * count
        self.values: list[dict[str, str]] = [{} for _ in range(count)]
        self.seen_now: dict[str, str] = {}

    def seen(self, wording: str, value: Any) -> Any:
        """One side of a comparison, on its way to it."""
        self.seen_now.setdefault(wording, in_words(value))
        return value

    def held(self, number: int, truth: Any) -> None:
        """The assertion `number` came out like this; of one that is evaluated more than once, the first failure stays."""
        if self.holds[number] and (not truth or not self.values[number]):
            self.values[number] = self.seen_now
        self.holds[number] &= bool(truth)
        self.seen_now = {}


class _Watch(ast.NodeTransformer):
    """Asserts become calls of `held`, and what they compare goes through `seen`."""

    def __init__(self, tree: ast.Module) -> None:
        self.order = asserts(tree)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        number = self.order.index(node)
        test = _Sides().visit(node.test)
        return ast.copy_location(ast.Expr(_call("held", ast.Constant(number), test)), node)


class _Sides(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        sides = [node.left, *node.comparators]
        wordings = [ast.unparse(side) for side in sides]  # before a comparison within one of them is changed
        node.left, *node.comparators = map(_seen, wordings, map(self.visit, sides))
        return node


def _seen(wording: str, side: ast.expr) -> ast.expr:
    if isinstance(side, ast.Constant):
        return side
    return ast.copy_location(_call("seen", ast.Constant(wording), side), side)


def _call(method: str, *values: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name(NAME, ast.Load()), method, ast.Load()), list(values), [])


def in_words(value: Any) -> str:
    """A value in a few words: numbers to six digits, of many the smallest and the largest."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        if len(value) > FEW and all(isinstance(one, int | float) for one in value):
            return f"{len(value)} numbers from {in_words(min(value))} to {in_words(max(value))}"
        if len(value) <= FEW:
            return f"[{', '.join(map(in_words, value))}]"
    return _short.repr(value)

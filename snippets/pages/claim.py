"""A claim: an assertion about how things are, which other seeds can put to the test because it compares something."""

import ast


class NotAClaimError(Exception):
    """A block that claims nothing; `line` counts within the block."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def asserts(tree: ast.Module) -> list[ast.Assert]:
    """The assertions of a parsed block, in the order in which they are written."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))


def claims(source: str) -> list[tuple[int, str]]:
    """What a block claims: for each assertion its line, counted from 1, and its wording; raises NotAClaimError."""
    try:
        found = asserts(ast.parse(source))
    except SyntaxError:
        return []  # running it will say so
    if not found:
        raise NotAClaimError(1, "a claim asserts something: assert a < b")
    for one in found:
        if not any(isinstance(node, ast.Compare) for node in ast.walk(one.test)):
            message = "a claim compares values, so that they can be shown: assert a < b, and no truth value"
            raise NotAClaimError(one.lineno, message)
    return [(one.lineno, worded(one)) for one in found]


def worded(one: ast.Assert) -> str:
    """What is asserted, in a line."""
    return ast.unparse(one.test)


SEEDING = {"manual_seed", "seed", "default_rng", "RandomState", "Random", "SeedSequence"}
SEEDING |= {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}
GIVEN = {"random_state", "seed"}


def sets_seed(source: str) -> bool:
    """Whether a block's code sets a seed, by any of the names that torch, NumPy, Python and scikit-learn have for it."""
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return False
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        words = [word.value for word in call.keywords if word.arg in GIVEN]
        given = [*call.args, *words] if name in SEEDING else words
        if any(not (isinstance(value, ast.Constant) and value.value is None) for value in given):
            return True
    return False

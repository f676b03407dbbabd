"""Whether a text is a Python program, and not output, commands, settings or data, which often look like one."""

import ast
import re
import warnings

_STATEMENTS = (
    *(ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match, ast.Assert, ast.comprehension),
)
_NUMBERS = {"nan", "inf", "NaN"}


def is_program(text: str) -> bool:
    """Whether `text` parses as Python and does what neither output nor settings do.

    That is a statement other than `name = value`, a call of what is no value's printed form, or a name used again.
    """
    if re.search(r"^>>> ", text, re.M):
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an escape that Python does not know
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if any(isinstance(node, _STATEMENTS) for node in ast.walk(tree)):
        return True
    given: set[str] = set()
    for statement in tree.body:
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        if names & given or _calls(statement):
            return True
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            given |= names - {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}
    return False


def _calls(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Name):  # `tensor([1, 2])` is how a value is printed
            return call.func.id == "print"
        return not _printed(call)
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
        return any(isinstance(node, ast.Call) and not _printed(node) for node in ast.walk(statement.value))
    return False


def _printed(node: ast.AST) -> bool:
    """Whether a value may be printed like this: `tensor([1., nan], dtype=torch.float64)`, `np.float64(0.5)`."""
    if isinstance(node, ast.Call):
        parts = [*node.args, *(word.value for word in node.keywords)]
        named = (
            _printed(node.func) if isinstance(node.func, ast.Call) else _type(node.func)
        )  # `ReLU() (2, 8)` is output
        return named and all(map(_printed, parts))
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name)  # torch.float64
    if isinstance(node, ast.Name):
        return node.id in _NUMBERS
    containers = ast.Constant | ast.List | ast.Tuple | ast.Set | ast.Dict | ast.UnaryOp | ast.BinOp
    return isinstance(node, containers) and all(
        _printed(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
    )


def _type(function: ast.expr) -> bool:
    """Whether this may be the name of a type: `tensor`, `torch.Size`, `np.float64`, `datetime.date`."""
    if isinstance(function, ast.Name):
        return True
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    return function.value.id == "datetime" or function.attr[0].isupper() or function.attr[-1].isdigit()

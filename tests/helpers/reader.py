"""A reader's plain Python: runs the cells of a JSON file as a notebook would and marks where each begins.

It shares no code with the project, and could not import it.
"""

import ast
import json
import os
import sys
import traceback
import types
import warnings

MARK = "\x01"


def say(*words: object) -> None:
    print(MARK, *words, sep="", flush=True)


def figures(*_: object, **__: object) -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        axes = pyplot.figure(number).axes
        texts = [text for a in axes for text in (a.get_title(), a.get_xlabel(), a.get_ylabel()) if text]
        say("figure ", json.dumps(texts))
    if pyplot:
        pyplot.close("all")


def show_warning(message: object, category: type, *_: object, **__: object) -> None:
    print(f"{category.__name__}: {message}", flush=True)


def run(source: str, main: types.ModuleType) -> None:
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), vars(main))
    if last:
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), vars(main))
        if value is not None:
            print(repr(value))


def read(cells: list[str]) -> None:
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    vars(main)["__builtins__"] = __builtins__
    warnings.showwarning = show_warning
    for cell in cells:
        say("cell")
        try:
            run(cell, main)
        except Exception as error:
            lines = traceback.format_exception_only(error)
            print(lines[-1].strip() if isinstance(error, SyntaxError) else "".join(lines).strip(), flush=True)
        if "matplotlib.pyplot" in sys.modules:
            figures()
            sys.modules["matplotlib.pyplot"].show = figures


if __name__ == "__main__":
    sys.modules["snippets"] = None  # no project code
    os.environ["MPLBACKEND"] = "agg"
    with open(sys.argv[1], encoding="utf-8") as file:
        read(json.load(file))

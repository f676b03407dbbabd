"""The engine's rooms: which may look into which, what each may use of others' packages, and how large they may grow."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from helpers.project import ROOT

ENGINE = ROOT / "snippets"
MODULES = sorted(path for path in ENGINE.rglob("*.py") if "programs" not in path.parts)
NAMES = [path.relative_to(ENGINE).as_posix() for path in MODULES]
LINES, ALL_LINES = 200, 5900
ROOMS = {
    "pages": set(),
    "run": {"pages"},
    "show": {"pages", "run"},
    "check": {"pages", "run"},
    "site": {"pages", "run", "show", "check"},
    "__main__.py": {"pages", "run", "show", "check", "site"},
    "__init__.py": set(),
}
# Who may know of what: to exchange one of these packages is to rewrite these modules and no other.
USERS = {
    "mkdocs": {
        f"site/{name}.py" for name in ("plugin", "options", "showing", "kept", "menu", "warned", "ending", "serving")
    },
    "jinja2": {"site/plugin.py"},
    "watchdog": {"site/serving.py"},
    "pytest": {"check/plugin.py", "check/items.py"},
    "pytest_markdown_docs": {"check/items.py"},
    "xdist": {"check/plugin.py"},
    "markdown": {"show/extension.py", "site/glossary.py"},  # the glossary makes anchors as the pages' headings do
    "markdown_exec": {"show/extension.py"},
    "pymdownx": {"show/extension.py", "site/plugin.py"},  # the plugin knows what superfences raises
    "markdown_it": {"pages/markup.py"},
    "yaml": {"pages/written.py", "pages/course.py", "site/nav.py"},
    "latex2mathml": {"show/formula.py"},
    "lxml": {"site/links.py", "site/offline.py"},
    "matplotlib": {"run/describe.py"},
    "numpy": {"run/describe.py"},
    "psutil": {"run/meter.py", "run/process.py", "site/staging.py"},
}
# What looks like a private name of others, and is none.
PUBLIC = {
    "torch._dynamo": "a module that torch.optim imports, and so the pages' process imports ahead",
    "os._exit": "named to the author of a page that calls it",
    "parts._replace": "documented, of named tuples, whose own names stand without underscore",
}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ENGINE / name).read_text(encoding="utf-8"))


def room(name: str) -> str:
    return name.partition("/")[0]


def imports(name: str) -> Iterator[tuple[str, list[str]]]:
    """Each import of a module: whence, from `snippets` on if it is ours, and which names."""
    here = ("snippets", *Path(name).parent.parts)
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = here[: len(here) + 1 - node.level] if node.level else ()
            yield ".".join(filter(None, [*start, node.module])), [alias.name for alias in node.names]


def rooms_imported(name: str) -> set[str]:
    found: set[str] = set()
    for whence, names in imports(name):
        first, *rest = whence.split(".")
        if first == "snippets":
            found |= {rest[0]} if rest else {one for one in names if one in ROOMS}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_rooms_look_into_earlier_rooms_only(name):
    assert rooms_imported(name) - {room(name)} <= ROOMS[room(name)]


@pytest.mark.parametrize("package", USERS)
def test_what_others_made_is_known_in_few_places(package):
    users = {name for name in NAMES if package in {whence.partition(".")[0] for whence, _ in imports(name)}}
    assert users == USERS[package]


def test_no_other_package_is_used():
    used = {whence.partition(".")[0] for name in NAMES for whence, _ in imports(name)}
    assert used - set(sys.stdlib_module_names) - {"snippets"} == USERS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_short_and_says_what_it_is(name):
    text = (ENGINE / name).read_text(encoding="utf-8")
    assert text.startswith('"""')
    assert (ast.get_docstring(tree(name)) or "").strip()
    assert text.count("\n") <= LINES


def test_the_engine_is_small():
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in MODULES) <= ALL_LINES


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("/__init__.py")])
def test_a_room_says_what_it_gives(name):
    given = [names for _, names in imports(name)]
    listed = [
        node.value for node in tree(name).body if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    ]
    assert sorted(one for names in given for one in names) == sorted(listed and ast.literal_eval(listed[0]))


@pytest.mark.parametrize("name", NAMES)
def test_no_private_name_of_others_is_used(name):
    found = {one for whence, names in imports(name) for one in (*whence.split("."), *names) if whence != "__future__"}
    private = {one for one in found if re.match(r"_[^_]", one)}
    ours = {"self", "cls"} | {node.name for node in ast.walk(tree(name)) if isinstance(node, ast.ClassDef)}
    for whence, names in imports(name):
        ours |= set(names) if whence.startswith("snippets") else set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in ours):
                private.add(ast.unparse(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            private |= set(re.findall(r"\b\w+\._[a-z]\w*|^_[a-z]\w*$", node.value))
    assert private - PUBLIC.keys() == set()

"""A new page: written in the shape of its neighbors, put into the nav and recorded, so that its author only has to fill it."""

import os
import re
import sys
from pathlib import Path

from ..check.check import Check, CheckError
from ..pages import Course, CourseError
from ..pages.course import SETTINGS
from . import nav

KINDS = ("lesson", "lab")
SHAPES = Path(__file__).with_name("shapes")


def new(course: Course, kind: str, name: str, after: str = "") -> int:
    """Write the page `name` (PART/NAME, below docs), and say so on standard output: the exit status, 1 if it was not recorded.

    In the nav it stands after the page `after`, or at the end of its part. Raises CourseError, and has then changed nothing.
    """
    key = _below_docs(course, name)
    if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*", key):
        raise CourseError(
            f"{name}: write PART/NAME in lowercase letters, digits and hyphens, as they will be in its address"
        )
    page, path = f"{key}.md", course.docs / f"{key}.md"
    if path.exists():
        raise CourseError(f"{course.name(page)} exists already")
    settings = course.root / SETTINGS
    try:
        text = settings.read_bytes().decode("utf-8")
        added = nav.with_page(text, page, after and f"{_below_docs(course, after)}.md", course.reference)
    except nav.NavError as error:
        raise CourseError(str(error)) from None

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_shape(course, kind, key), encoding="utf-8", newline="\n")
    if added and added.text != text:
        settings.write_bytes(added.text.encode("utf-8"))
    print(f"{course.name(page)}: written, a {kind} that runs as it stands.")
    print(_in_nav(added, key, was_there=bool(added and added.text == text)))
    recorded = _record(course, path)
    print(_next(course.name(page), path))
    return int(not recorded)


def _below_docs(course: Course, name: str) -> str:
    """A page's key, which may have been typed as the path of its file."""
    return name.replace("\\", "/").removeprefix(f"{course.docs.name}/").removesuffix(".md")


def _shape(course: Course, kind: str, key: str) -> str:
    """The page as it is at first."""
    title = key.rpartition("/")[2].replace("-", " ").capitalize()
    glossary = ""
    if course.glossary:
        to = os.path.relpath(course.glossary, os.path.dirname(key) or ".").replace(os.sep, "/")
        glossary = f" Explain each term where it first appears, and link it to the glossary: `[term]({to}#term)`."
    text = (SHAPES / f"{kind}.md").read_text(encoding="utf-8")
    return text.replace("{title}", title).replace("{glossary}", glossary)


def _in_nav(added: nav.Added | None, key: str, was_there: bool) -> str:
    if added is None:
        return f"{SETTINGS}: unchanged; it has no nav, and MkDocs then shows all pages by itself."
    where = f"{SETTINGS}:{added.line}:"
    if was_there:
        return f"{where} unchanged; nav has the page already."
    if added.anew:
        folder = key.rpartition("/")[0]
        return (
            f'{where} added to nav in a new part, "{added.part}", since no page of {folder} was there. '
            "Change its title or place as you like, and name it where your home page lists the parts."
        )
    return f"{where} added to nav{f', in the part {added.part}' if added.part else ''}."


def _record(course: Course, path: Path) -> bool:
    check = Check(course, update=True)
    try:
        check.accept(path)
    except CheckError as error:
        print(f"Its outputs are not recorded:\n\n{error}\n")
        return False
    finally:
        check.stop()
    record = f"{course.records}/{path.relative_to(course.docs).with_suffix('.txt').as_posix()}"
    print(f"{record}: its record, what its blocks give now.")
    return True


def _next(name: str, path: Path) -> str:
    lines = path.read_text(encoding="utf-8").split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.startswith("description:"))
    python = Path(sys.executable)
    python = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    run = f'"{python}" -m' if " " in str(python) else f"{python} -m"
    return f"""
Next:
  1. Open {name}:{first}. Each sentence there says what belongs in its place: write yours.
  2. See it in a browser, anew with every save:
     {run} mkdocs serve
  3. See how its outputs differ from the record, and when they are right, record them:
     {run} snippets check {name}
     {run} snippets accept {name}
  4. Commit what is named above together."""

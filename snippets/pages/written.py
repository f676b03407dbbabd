"""What no page may be written like: whatever would be published as something else than was meant."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from .block import WrittenError
from .markup import (
    ANSWERS,
    QUESTIONS,
    Fold,
    FoldLine,
    fences,
    fold_line,
    front_matter,
    looks_like_python,
    plain_prose,
    prose_lines,
)
from .program import is_program

_META_LINE = re.compile(r" {0,3}[A-Za-z0-9_-]+:")  # what MkDocs takes for front matter without lines around it
_IMAGE = re.compile(r"!\[\s*\](?=[(\[])")
_TAG = re.compile(r"""<img\b((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.I)


def meta_of(text: str) -> dict[str, Any]:
    """The front matter as a mapping; raises WrittenError."""
    matter, _ = front_matter(text)
    first = text.partition("\n")[0]
    if matter is None:
        if re.fullmatch(r"---[ \t]*", first):
            raise WrittenError(1, "the front matter that begins here never ends: end it with a line ---")
        if _META_LINE.match(first):
            raise WrittenError(
                1,
                f"MkDocs takes a first line like this for front matter and leaves it out: {first.strip()} "
                "(begin with the title, or put a line --- above and below)",
            )
        return {}
    try:
        meta = yaml.safe_load(matter)
    except yaml.YAMLError as error:
        raise _not_yaml(matter, error) from None
    if not isinstance(meta, dict):
        raise WrittenError(1, "the front matter holds no `name: value`: write such lines, or take it out")
    described = meta.get("description", "x")
    if not isinstance(described, str) or not described.strip():
        line = next(n for n, one in enumerate(text.split("\n"), 1) if "description" in one)
        raise WrittenError(
            line, "the description is no text: write a sentence behind description:, or take the line out"
        )
    return meta


def _not_yaml(matter: str, error: yaml.YAMLError) -> WrittenError:
    mark, problem = (
        getattr(error, "problem_mark", None),
        getattr(error, "problem", None) or "a character it may not hold",
    )
    if "end of stream" in problem or "stream end" in problem:
        mark, problem = getattr(error, "context_mark", None) or mark, "a quote or bracket that begins here never ends"
    lines = matter.rstrip("\n").split("\n")
    number = min(mark.line if mark else 0, len(lines) - 1)
    found = re.match(r"""\s*([\w-]+):[ ]+([^"'|>\s].*)""", lines[number])
    advice = f"; put the text in double quotes: {found[1]}: {json.dumps(found[2], ensure_ascii=False)}" if found else ""
    return WrittenError(number + 2, f"the front matter is not YAML: {problem}{advice}")


def mistakes(text: str, titled: bool) -> Iterator[WrittenError]:
    """What is wrong with a page's Markdown, its Python blocks aside; `titled` says whether it has a title already."""
    prose = list(prose_lines(text))
    if not titled and not any(line.startswith("# ") for _, line in prose):
        first = next(
            (number for number, line in enumerate(text.split("\n")) if number >= front_matter(text)[1] and line), 0
        )
        yield WrittenError(first + 1, "the page has no title: begin it with a line `# Title`")
    for number, line in prose:
        if looks_like_python(line):
            message = "this Python fence is indented, or inside HTML or a comment: it would not run; put it at the left margin"
            yield WrittenError(number + 1, message)
    for fence in fences(text):
        if not fence.info and is_program(fence.content):
            message = "this block holds Python and names no language: write ```python so that it runs, or ```text if it is not to run"
            yield WrittenError(fence.start + 1, message)
    yield from _folds(prose)
    yield from _predictions(text, prose)
    if "![" in text or "<img" in text.lower():
        yield from _images(plain_prose(text))


def _images(prose: str) -> Iterator[WrittenError]:
    tags = [tag for tag in _TAG.finditer(prose) if not re.search(r"\balt\s*=", tag[1], re.I)]
    for found in [*_IMAGE.finditer(prose), *tags]:
        place = 'in alt="…"' if found[0].startswith("<") else "between its brackets"
        message = f"an image without alternative text: say in words what it shows, {place}"
        yield WrittenError(prose.count("\n", 0, found.start()) + 1, message)


def _predictions(text: str, prose: list[tuple[int, str]]) -> Iterator[WrittenError]:
    """Predictions that stand above no Python block: none that would hide anything."""
    lines, opened = text.split("\n"), -1
    for number, line in prose:
        fold = fold_line(line)
        if fold and fold.name == Fold.PREDICT:
            opened, slashes = number, fold.slashes
        elif fold and opened >= 0 and not fold.name and fold.slashes == slashes:
            below = next((one for one in lines[number + 1 :] if one.strip()), "")
            if not looks_like_python(below):
                message = "a prediction stands right above the block whose output it asks for"
                yield WrittenError(opened + 1, message)
            opened = -1


def _folds(prose: list[tuple[int, str]]) -> Iterator[WrittenError]:
    """What is wrong with the lines of slashes: each opens a known fold at the left margin, or ends the innermost."""
    around: list[tuple[int, FoldLine]] = []  # the folds that are open, and their lines
    answered: set[int] = set()  # the lines of the questions that have a right answer
    for number, line in prose:
        if (found := fold_line(line)) is None:
            continue
        if found.name:
            if wrong := _wrong_opening(line, found, around[-1][1].name if around else ""):
                yield WrittenError(number + 1, wrong)
            if found.name == Fold.RIGHT and around:
                answered.add(around[-1][0])
            around.append((number, found))
        elif found.slashes not in [one.slashes for _, one in around]:
            message = f"this {found.slashes} ends nothing: no fold that began with {found.slashes} is open here"
            yield WrittenError(number + 1, message)
        else:
            while (opened := around.pop())[1].slashes != found.slashes:
                yield _never_ended(*opened)
            if opened[1].name in QUESTIONS and opened[0] not in answered:
                inner = found.slashes + "/"
                message = f"a question without a right answer: write {inner} right | …, and {inner} below it"
                yield WrittenError(opened[0] + 1, message)
    for opened in around:
        yield _never_ended(*opened)


def _wrong_opening(line: str, found: FoldLine, around: str) -> str:
    """What is wrong with a line that opens a fold within the one named `around`; empty if nothing is."""
    begins = f"{found.slashes} {found.name}"
    if found.margin:
        return f"a fold stands at the left margin, outside lists: {line.strip()}"
    if found.name not in set(Fold):
        return f"unknown fold: {found.name} (known: {', '.join(Fold)})"
    if found.stray:
        return f"a fold's title stands behind a bar: {begins} | {found.stray}"
    if found.name in ANSWERS and around not in QUESTIONS:
        return f"{begins} is an answer, and stands within /// question | …"
    if found.name in ANSWERS and not found.title:
        return f"an answer without words: write them behind a bar, {begins} | …"
    return ""


def _never_ended(number: int, found: FoldLine) -> WrittenError:
    message = f"{found.slashes} {found.name} never ends, and takes in what follows: end it with a line {found.slashes}"
    return WrittenError(number + 1, message)

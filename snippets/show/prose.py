"""A page's prose as it goes into notebooks and plain Markdown: without what only the site knows."""

import posixpath
import re
from collections.abc import Callable

from ..pages import Page, fenced_lines

_FRONT_MATTER = re.compile(r"\A---\n(?:.*?\n)?---\n", re.S)
_ANSWER = re.compile(r"^/{3,} *(right|wrong) *\| *(.+)$")
_FOLD = re.compile(r"^/{3,} *[\w-]+ *\| *(.+)$")
# The address in `[text](page.md#anchor "title")`, and in the line `[name]: page.md` that a link of that name stands for.
_LINK = re.compile(
    r"(\]\(|^\[[^\]]+\]: *)(?!\w+:|/)(?=[^)\s])([^)\s#]+\.(?:md|svg|png|jpe?g|gif|webp))?(#[^)\s]*)?(?=[)\s]|$)"
)
_BLANK = re.compile(r"\n{3,}")
MARKS = {"right": "✓", "wrong": "✗"}


def prose(text: str, at: Callable[[str, str], str] | None = None) -> str:
    """Markdown without front matter, folds and questions; fences of other languages stay as they are.

    `at` gives the address of a page or picture from its path relative to this page, empty for this page, and an anchor.
    """
    text = _FRONT_MATTER.sub("", text)
    fenced = fenced_lines(text)
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number in fenced:
            lines.append(line)
            continue
        if answer := _ANSWER.match(line):
            line = f"- {MARKS[answer[1]]} {answer[2]}"
        elif fold := _FOLD.match(line):
            line = f"**{fold[1]}**"
        elif re.match(r"/{3,}", line):
            continue
        lines.append(_LINK.sub(lambda link: link[1] + at(link[2] or "", link[3] or ""), line) if at else line)
    return _BLANK.sub("\n\n", "\n".join(lines)).strip()


def site_address(page: Page, address: str) -> Callable[[str, str], str]:
    """Gives the address of a page or picture of the site at `address`, from a link on `page`."""

    def at(path: str, anchor: str) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path)) if path else page.source
        if not target.endswith(".md"):
            return f"{address}{target}{anchor}"
        target = target.removesuffix(".md")
        folder = target.removesuffix("index") if posixpath.basename(target) == "index" else f"{target}/"
        return f"{address}{folder}{anchor}"

    return at

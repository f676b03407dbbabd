"""Exports pages with their outputs: notebooks, Markdown, and the text of the whole course for programs."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .output import Output, Part, Result
from .page import PROGRAMS, Block, Page

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def export(pages: Iterable[tuple[Page, Result]], site: Path, name: str, address: str) -> None:
    """Write into the folder `site` a notebook and a Markdown file for each page, and llms.txt of the site `name`."""
    pages = list(pages)
    for page, result in pages:
        target = site / page.key
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(f"{target}.md").write_text(markdown(page, result), encoding="utf-8")
        if page.blocks:
            Path(f"{target}.ipynb").write_text(notebook(page, result, address), encoding="utf-8")
    index = [f"# {name}", "", "Every output on every page was computed by the code above it.", ""]
    index += [f"- [{title(page)}]({address}{page.key}.md): {description(page)}" for page, _ in pages]
    (site / "llms.txt").write_text("\n".join(index) + "\n", encoding="utf-8")
    (site / "llms-full.txt").write_text("\n".join(markdown(*page) for page in pages), encoding="utf-8")


def title(page: Page) -> str:
    heading = re.search(r"^# (.+)$", page.text, re.M)
    return heading[1] if heading else page.key


def description(page: Page) -> str:
    """The page's `description:` in its front matter, or its first paragraph."""
    found = re.search(r"\A---\n(?:.*\n)*?description: *(.+)\n", page.text)
    paragraph = re.search(r"^# .+\n\n(.+)$", page.text, re.M)
    return found[1].strip("\"'") if found else paragraph[1] if paragraph else ""


def notebook(page: Page, result: Result, address: str = "") -> str:
    """The page as a Jupyter notebook (nbformat 4.5, JSON).

    A lesson comes with the outputs of its run and without its hidden checks. A lab comes as the exercise: without
    outputs, and with a place to write in for each solution.
    """
    cells: list[dict[str, Any]] = []
    for text, block, output in _pieces(page, result):
        text = (
            re.sub(r"\]\(((?:\.\./)*)([\w./-]+)\.md(#[\w-]+)?\)", rf"]({address}\1\2/\3)", _prose(text))
            if address
            else _prose(text)
        )
        if text:
            cells.append({"cell_type": "markdown", "source": _lines(text), "metadata": {}})
        if block is None or block.word == "check":
            continue
        source = "# Write your code here." if "solution" in block.tags else _source(block)
        outputs = [] if page.is_lab else [_cell_output(part) for part in output]
        # A notebook stops at an error, but goes on after a cell that says it will raise one.
        tags = {"tags": ["raises-exception"]} if block.word == "raises" else {}
        cells.append(
            {
                "cell_type": "code",
                "source": _lines(source),
                "outputs": outputs,
                "metadata": tags,
                "execution_count": None,
            }
        )
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def markdown(page: Page, result: Result) -> str:
    """The page as plain Markdown, each block followed by its output; of a figure, its alternative text."""
    pieces: list[str] = []
    for text, block, output in _pieces(page, result):
        pieces.append(_prose(text))
        if block is None or block.word == "check":
            continue
        pieces.append(f"```python\n{_source(block)}\n```")
        shown = "\n".join(
            f"[Figure: {part.text}]" if part.kind == "figure" else part.text.strip("\n") for part in output
        )
        if shown:
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", shown)), 0)
            pieces.append(f"{fence}text\n{shown}\n{fence}")
    return "\n\n".join(filter(None, pieces)) + "\n"


def _source(block: Block) -> str:
    program = block.attributes.get("program")
    return (PROGRAMS / program).read_text("utf-8").rstrip() if program else block.source


def _pieces(page: Page, result: Result) -> Iterator[tuple[str, Block | None, Output]]:
    """The page cut at its blocks: (Markdown before the block, block, its output), and what follows the last."""
    lines = page.text.split("\n")
    at = 0
    for block, output in zip(page.blocks, result.outputs, strict=True):
        yield "\n".join(lines[at : block.fence - 1]), block, output
        at = block.end
    yield "\n".join(lines[at:]), None, ()


def _prose(text: str) -> str:
    """Markdown without what only the site knows: front matter, folds and questions."""
    text = _FRONT_MATTER.sub("", text)
    text = re.sub(r"^/{3,} *(?:right|wrong) *\| *(.+)$", r"- \1", text, flags=re.M)
    text = re.sub(r"^/{3,} *[\w-]+ *\| *(.+)$", r"**\1**", text, flags=re.M)
    text = re.sub(r"^/{3,}.*$\n?", "", text, flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _cell_output(part: Part) -> dict[str, Any]:
    if part.kind == "value":
        data = {"text/plain": _lines(part.text)}
        return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    if part.kind == "figure":
        svg = part.svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        return {"output_type": "display_data", "data": {"image/svg+xml": _lines(svg)}, "metadata": {}}
    if part.kind == "error":
        name, _, message = part.text.partition(": ")
        return {"output_type": "error", "ename": name, "evalue": message, "traceback": [part.text]}
    text = part.text + "\n" if part.kind == "warning" else part.text
    return {"output_type": "stream", "name": "stderr" if part.kind == "warning" else "stdout", "text": _lines(text)}

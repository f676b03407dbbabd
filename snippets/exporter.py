"""Exports a page with its outputs: as a notebook that runs by itself."""

import json
import re
from collections.abc import Iterator
from typing import Any

from .output import Output, Part, Result
from .page import PROGRAMS, Block, Page


def notebook(page: Page, result: Result) -> str:
    """The page as a Jupyter notebook (nbformat 4.5, JSON) with the outputs of its run; hidden checks are left out."""
    cells: list[dict[str, Any]] = []
    for text, block, output in _pieces(page, result):
        if text:
            cells.append({"cell_type": "markdown", "source": _lines(text)})
        if block is not None and block.word != "check":
            source = block.source
            if program := block.attributes.get("program"):
                source = (PROGRAMS / program).read_text("utf-8").rstrip()
            outputs = [_cell_output(part) for part in output]
            cells.append({"cell_type": "code", "source": _lines(source), "outputs": outputs, "execution_count": None})
    for number, cell in enumerate(cells):
        cell |= {"id": f"cell-{number}", "metadata": {}}
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def _pieces(page: Page, result: Result) -> Iterator[tuple[str, Block | None, Output]]:
    """The page cut at its blocks: (Markdown before the block, block, its output), and what follows the last."""
    lines = page.text.split("\n")
    at = 0
    for block, output in zip(page.blocks, result.outputs, strict=True):
        yield _prose(lines[at : block.fence - 1]), block, output
        at = block.end
    yield _prose(lines[at:]), None, ()


def _prose(lines: list[str]) -> str:
    """Markdown without what only the site knows: front matter, folds and questions."""
    text = re.sub(r"\A---\n.*?\n---\n", "", "\n".join(lines), flags=re.S)
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

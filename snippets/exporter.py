"""Exports a page with its outputs: as a notebook that runs by itself."""

import re

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from .output import Result
from .page import PROGRAMS, Page


def notebook(page: Page, result: Result) -> str:
    """The page as a Jupyter notebook, JSON text, with the outputs of its run; hidden checks are left out."""
    cells = []
    for text, block, output in _pieces(page, result):
        if text:
            cells.append(new_markdown_cell(text, id=f"cell-{len(cells)}"))
        if block is not None and block.word != "check":
            source = block.source
            if program := block.attributes.get("program"):
                source = (PROGRAMS / program).read_text("utf-8").rstrip()
            cells.append(new_code_cell(source, id=f"cell-{len(cells)}", outputs=list(map(_cell_output, output))))
    book = new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book.metadata["language_info"] = {"name": "python"}
    nbformat.validate(book)
    return nbformat.writes(book, version=4) + "\n"


def _pieces(page: Page, result: Result):
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


def _cell_output(part) -> nbformat.NotebookNode:
    if part.kind == "value":
        return new_output("execute_result", data={"text/plain": part.text}, execution_count=None)
    if part.kind == "figure":
        svg = part.svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        return new_output("display_data", data={"image/svg+xml": svg, "text/plain": part.text})
    if part.kind == "error":
        name, _, message = part.text.partition(": ")
        return new_output("error", ename=name, evalue=message, traceback=[part.text])
    return new_output(
        "stream",
        name="stderr" if part.kind == "warning" else "stdout",
        text=part.text + "\n" * (part.kind == "warning"),
    )

"""The labs in Jupyter: a lab's notebook with its solutions runs in a real kernel and gives what the page shows."""

from pathlib import Path

import nbformat
import pytest
from helpers.course import COURSE, LABS, page_of
from nbclient import NotebookClient

from snippets.check.record import difference
from snippets.check.records import Records
from snippets.run import Result
from snippets.show import Site, notebook


def in_a_kernel(book: nbformat.NotebookNode, folder: Path) -> list[tuple[str, int]]:
    """Of each cell the text that it shows, and how many figures after it."""
    NotebookClient(book, timeout=None, resources={"metadata": {"path": str(folder)}}).execute()
    shown = []
    for cell in (cell for cell in book.cells if cell.cell_type == "code"):
        drawn = ["image/png" in output.get("data", {}) for output in cell.outputs]
        assert drawn == sorted(drawn), f"text after a figure:\n{cell.source}"
        texts = [_text(output) for output in cell.outputs if "image/png" not in output.get("data", {})]
        shown.append(("\n".join(texts), sum(drawn)))
    return shown


def _text(output: nbformat.NotebookNode) -> str:
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    text = output.text if output.output_type == "stream" else output.data["text/plain"]
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_gives_in_jupyter_what_its_page_shows(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")  # several kernels at once: threads that wait leave the core
    page = page_of(lab)
    no_outputs = Result(((),) * len(page.blocks))
    book = nbformat.reads(notebook(page, no_outputs, Site(tmp_path, "", ""), finished=True), as_version=4)
    recorded, _ = Records(COURSE).expected(page)
    cells = [(number, block) for number, block in enumerate(page.blocks) if not block.hidden]
    for (number, block), (text, figures) in zip(cells, in_a_kernel(book, tmp_path), strict=True):
        words, *drawn = recorded.get(number, "").split("[figure] ")
        differs = difference(words.rstrip("\n"), text)
        assert not differs, f"{page.name}:{block.line}:\n{differs}"
        assert figures == len(drawn), f"{page.name}:{block.line}"

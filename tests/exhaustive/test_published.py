"""Reads as a reader does: takes the code off the published pages, runs it in a plain Python, compares.

Nothing of the engine takes part but the tolerance.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from helpers import reader
from helpers.course import PAGES, path_of

from snippets.check.record import difference

MARK = reader.MARK


def published(site: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / path_of(page) / "index.html").read_text(encoding="utf-8"), "html.parser")


def shown(result: Tag | None) -> list[str]:
    """What a block's result shows: its texts, and a mark for each figure with the words in it."""
    pieces = []
    for element in result.find_all(["pre", "figure"]) if result else []:
        if element.name == "figure":
            pieces.append(MARK + "figure " + "\n".join(text.get_text() for text in element.find_all("text")))
        else:
            pieces.append(element.get_text())
    return pieces


def in_plain_python(cells: list[str], folder: Path) -> list[list[str]]:
    """The output of each cell, cut at its figures."""
    script = folder / "cells.json"
    script.write_text(json.dumps(cells), encoding="utf-8")
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment["OMP_WAIT_POLICY"] = "PASSIVE"  # two readers at once: threads that wait leave the core to the other
    ran = subprocess.run(
        [sys.executable, "-I", "-u", reader.__file__, str(script)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    outputs = []
    for cell in ran.stdout.split(f"{MARK}cell\n")[1:]:
        pieces = []
        for piece in cell.split(MARK):
            head, _, rest = piece.partition("\n") if piece.startswith("figure ") else ("", "", piece)
            pieces += [MARK + head] * bool(head) + [rest.strip("\n")] * bool(rest.strip("\n"))
        outputs.append(pieces)
    assert len(outputs) == len(cells), ran.stdout
    return outputs


def in_its_own_python(program: str, folder: Path) -> list[str]:
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    command = [sys.executable, "-I", str(path)]
    ran = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return [ran.stdout.strip("\n")]


def read(site: Path, page: str, folder: Path) -> list[tuple[str, list[str], list[str]]]:
    """(code, what the page shows, what a plain Python shows) of each block that the page runs."""
    blocks = published(site, page).select("div.snippet")
    run = [block for block in blocks if "notest" not in block["class"]]
    code = {id(block): block.select_one(".highlight code").get_text().rstrip() for block in run}
    cells = [block for block in run if "program" not in block["class"]]
    found = (
        dict(zip(map(id, cells), in_plain_python([code[id(cell)] for cell in cells], folder), strict=True))
        if cells
        else {}
    )
    for block in run:
        if id(block) not in found:
            found[id(block)] = in_its_own_python(code[id(block)], folder)
    return [(code[id(block)], shown(block.select_one(".result")), found[id(block)]) for block in run]


@pytest.fixture(scope="module")
def readings(request, site, tmp_path_factory) -> Iterator[dict[str, Future]]:
    """The pages that were chosen, being read side by side."""
    chosen = [item.callspec.params["page"] for item in request.session.items if item.path == request.path]
    pool = ThreadPoolExecutor(os.cpu_count())
    yield {page: pool.submit(read, site, page, tmp_path_factory.mktemp("reader")) for page in chosen}
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("page", PAGES)
def test_copied_code_gives_what_the_page_shows(readings, page):
    for code, on_page, in_python in readings[page].result():
        figures = [piece for piece in in_python if piece.startswith(MARK)]
        drawn = [piece for piece in on_page if piece.startswith(MARK)]
        assert len(figures) == len(drawn), code
        for figure, drawing in zip(figures, drawn, strict=True):
            for text in json.loads(figure.partition(" ")[2]):
                assert text.split("\n")[0] in drawing
        texts = ["\n".join(p for p in pieces if not p.startswith(MARK)) for pieces in (on_page, in_python)]
        lines = ["\n".join(line.rstrip() for line in text.strip("\n").split("\n")) for text in texts]
        assert not difference(*lines), f"{page}:\n{code}\n\n{difference(*lines)}"

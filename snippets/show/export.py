"""Pages with their outputs in other forms: a notebook, plain Markdown, and the whole course as text for programs."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..pages import Block, Page, Word
from ..pages.block import SOLUTION
from ..run import Kind, Output, Part, Result
from ..run.svg import with_ids
from .leads import Leads, place
from .prose import prose


@dataclass(frozen=True)
class Site:
    """Where the forms go: the site's folder, name and address (empty if it has none), and a last word on the prose.

    `urls` are the addresses below the site's of files below docs, where the generator says them.
    """

    folder: Path
    name: str
    address: str
    fill: Callable[[Page, str], str] = lambda _, text: text
    urls: Mapping[str, str] = field(default_factory=dict)

    def leads(self, page: Page, start: str | None) -> Leads:
        return Leads(page.source, self.urls, start)

    @property
    def top(self) -> str:
        """What the site's addresses begin with, also where nobody knows the whole of it."""
        return self.address or "/"


@dataclass(frozen=True)
class Forms:
    """A page's other forms, and what they were made of; `whole` is its part of the text of all pages."""

    made_of: tuple[str, str, Result, str]
    markdown: str
    notebook: str
    whole: str

    @classmethod
    def of(cls, page: Page, result: Result, site: Site) -> "Forms":
        made_of = (page.text, site.fill(page, page.text), result, site.address)
        at = f"Page: {site.top}{place(page.source, site.urls)}\n\n"
        return cls(
            made_of,
            markdown(page, result, site, None),
            notebook(page, result, site) if page.blocks else "",
            at + markdown(page, result, site, site.top),
        )

    def fits(self, page: Page, result: Result, site: Site) -> bool:
        text, filled, from_result, address = self.made_of
        return from_result is result and (text, filled, address) == (
            page.text,
            site.fill(page, page.text),
            site.address,
        )


def export(pages: Iterable[tuple[Page, Result]], site: Site, last: dict[str, Forms] | None = None) -> None:
    """Write a notebook and a Markdown file for each page, and llms.txt and llms-full.txt of all.

    `last` has the forms that were made before, by the page's name, and takes those made now.
    """
    last = {} if last is None else last
    index = [f"# {site.name}", "", "Every output on every page was computed by the code above it.", ""]
    everything: list[str] = []
    for page, result in pages:
        if page.name not in last or not last[page.name].fits(page, result, site):
            last[page.name] = Forms.of(page, result, site)
        forms, target = last[page.name], site.folder / page.key
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(Path(f"{target}.md"), forms.markdown)
        if forms.notebook:
            _write(Path(f"{target}.ipynb"), forms.notebook)
        index.append(
            ": ".join(filter(None, [f"- [{page.title}]({site.address}{page.key}.md)", prose(page.description)]))
        )
        everything.append(forms.whole)
    _write(site.folder / "llms.txt", "\n".join(index) + "\n")
    _write(site.folder / "llms-full.txt", "\n".join(everything))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def notebook(page: Page, result: Result, site: Site, finished: bool = False) -> str:
    """The page as a Jupyter notebook (nbformat 4.5, JSON), its links leading to the site.

    Where nobody knows the site's address, they lead nowhere, since a notebook goes alone: their words are left.

    A lesson comes with the outputs of its run and without its hidden blocks. A lab that is not asked for `finished` comes
    as the exercise: without outputs, and with a place to write in for each solution.
    """
    exercise = page.is_lab and not finished
    leads = site.leads(page, site.address) if site.address else None
    cells: list[dict[str, Any]] = []
    for text, block, output in _pieces(page, result):
        if written := prose(site.fill(page, text), leads):
            cells.append({"cell_type": "markdown", "source": _lines(written), "metadata": {}})
        if block is None or block.hidden:
            continue
        source = "# Write your code here." if exercise and SOLUTION in block.tags else block.code
        outputs = [] if exercise else [_cell_output(part) for part in output]
        # A notebook stops at an error, but goes on after a cell that says it will raise one.
        tags = {"tags": ["raises-exception"]} if block.word == Word.RAISES else {}
        cells.append(
            {
                "cell_type": "code",
                "source": _lines(source),
                "outputs": outputs,
                "metadata": tags,
                "execution_count": None,
            }
        )
    if finished:
        at = f"{site.address}{place(page.source, site.urls)}"
        note = f"*The finished notebook of this page, as Jupyter shows it: [{page.title}]({at}).*"
        cells.insert(0, {"cell_type": "markdown", "source": [note], "metadata": {}})
    return _book(cells)


def no_notebook(name: str) -> str:
    """What stands for the notebook of a page that did not run to its end."""
    return _book([{"cell_type": "markdown", "source": [f"The page {name} did not run to its end."], "metadata": {}}])


def _book(cells: list[dict[str, Any]]) -> str:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def markdown(page: Page, result: Result, site: Site, start: str | None) -> str:
    """The page as plain Markdown, each block followed by its output; of a figure, its alternative text.

    Addresses of the site begin with `start`; without it they are relative to the page's Markdown.
    """
    pieces: list[str] = []
    for text, block, output in _pieces(page, result):
        pieces.append(prose(site.fill(page, text), site.leads(page, start)))
        if block is None or block.hidden:
            continue
        pieces.append(f"```python\n{block.code}\n```")
        shown = "\n".join(
            f"[Figure: {part.text}]" if part.kind == Kind.FIGURE else part.text.strip("\n") for part in output
        )
        if shown:
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", shown)), 0)
            pieces.append(f"{fence}text\n{shown}\n{fence}")
    return "\n\n".join(filter(None, pieces)) + "\n"


def _pieces(page: Page, result: Result) -> Iterator[tuple[str, Block | None, Output]]:
    """The page cut at its blocks: (Markdown before the block, block, its output), and what follows the last."""
    lines = page.text.split("\n")
    at = 0
    for block, output in zip(page.blocks, result.outputs, strict=True):
        yield "\n".join(lines[at : block.fence - 1]), block, output
        at = block.end
    yield "\n".join(lines[at:]), None, ()


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _cell_output(part: Part) -> dict[str, Any]:
    if part.kind == Kind.VALUE:
        data = {"text/plain": _lines(part.text)}
        return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    if part.kind == Kind.FIGURE:
        file = f'<svg xmlns="http://www.w3.org/2000/svg"{with_ids(part.svg, "figure").removeprefix("<svg")}'
        data = {"image/svg+xml": _lines(file)}
        return {"output_type": "display_data", "data": data, "metadata": {}}
    if part.kind == Kind.ERROR:
        name, _, message = part.text.partition(": ")
        return {"output_type": "error", "ename": name, "evalue": message, "traceback": [part.text]}
    warns = part.kind == Kind.WARNING
    text = part.text + "\n" * warns
    return {"output_type": "stream", "name": "stderr" if warns else "stdout", "text": _lines(text)}

"""The site's own figures, counted by the build that shows them."""

import re
from collections.abc import Iterable

from .output import Result
from .page import Page
from .store import versions


def fill(markdown: str, pages: Iterable[tuple[Page, Result | None]]) -> str:
    """`markdown` with each `{{ figure }}` that is known put in; raises KeyError for one that is not."""
    pages = list(pages)
    blocks = [block for page, _ in pages for block in page.blocks]
    outputs = [part for _, result in pages if result for output in result.outputs for part in output]
    seconds = {page.name: result.seconds for page, result in pages if result and page.blocks}
    figures = {
        "pages": len([page for page, _ in pages if page.blocks]),
        "labs": len([page for page, _ in pages if page.is_lab]),
        "blocks": len([block for block in blocks if block.runs]),
        "checks": sum(block.source.count("assert ") for block in blocks),
        "figures": len([part for part in outputs if part.kind == "figure"]),
        "unrun": len([block for block in blocks if not block.runs]),
        "seconds": round(sum(seconds.values())),
        "slowest": f"{max(seconds.values(), default=0):.0f}",
        "versions": "\n".join(f"| {name} | {number} |" for name, number in versions().items()),
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda name: str(figures[name[1]]), markdown)

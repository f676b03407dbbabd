"""The site's own figures, counted by the build that shows them."""

import posixpath
import re
from collections.abc import Iterable

from ..pages import Page
from ..run import Kind, Result
from ..show import Claims, other_seeds, runs_of


def fill(markdown: str, here: Page, pages: Iterable[tuple[Page, Result | None, Claims]]) -> str:
    """Markdown of the page `here` with each `{{ figure }}` put in; raises KeyError for one that is not known."""
    pages = list(pages)
    blocks = [block for page, _, _ in pages for block in page.blocks]
    results = [result for _, result, _ in pages if result]
    outputs = [part for result in results for output in result.outputs for part in output]
    seconds = [result.seconds for page, result, _ in pages if result and page.blocks]
    versions = {name: version for result in results for name, version in result.versions.items()}
    figures = {
        "pages": len([page for page, _, _ in pages if page.blocks]),
        "labs": len([page for page, _, _ in pages if page.is_lab]),
        "blocks": len([block for block in blocks if block.runs]),
        "checks": sum(block.source.count("assert ") for block in blocks),
        "figures": len([part for part in outputs if part.kind == Kind.FIGURE]),
        "unrun": len([block for block in blocks if not block.runs]),
        "seconds": round(sum(seconds)),
        "slowest": f"{max(seconds, default=0):.0f}",
        "versions": "\n".join(f"| {name} | {number} |" for name, number in sorted(versions.items())),
        "table": "\n".join(
            _row(page, here, result, claims) for page, result, claims in pages if result and page.blocks
        ),
        "claims": sum(len(runs_of(claims)) for _, _, claims in pages),
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda name: str(figures[name[1]]), markdown)


def _row(page: Page, here: Page, result: Result, claims: Claims) -> str:
    """A page's line in the table of all: what it is, its blocks and seconds, its claims and the other seeds they held under."""
    link = posixpath.relpath(page.source, posixpath.dirname(here.source) or ".")
    blocks = sum(block.runs for block in page.blocks)
    runs = runs_of(claims)
    held = f"{len(runs)} | {other_seeds(runs[0])}" if runs else " | "
    return f"| [{page.title}]({link}) | {blocks} | {result.seconds:.1f} | {held} |"

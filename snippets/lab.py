"""Labs: notebooks that mkdocs-jupyter runs in a real kernel; here its cache and its failures are made to fit."""

import hashlib
import json
import logging
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError
from mkdocs.structure.pages import Page as SitePage
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .fence import plain
from .page import Page
from .store import versions

log = logging.getLogger("mkdocs.plugins.snippets")


def cache_folder(root: Path) -> Path:
    """Where mkdocs-jupyter keeps what it ran: a folder for each set of versions, which its own keys leave out."""
    return root / ".cache" / ("labs-" + hashlib.sha256(json.dumps(versions()).encode()).hexdigest()[:16])


def name_failures(site_page: SitePage, page: Page, serving: bool) -> None:
    """Make `site_page.render` say where a cell failed: by BuildError, or in serve on the page itself."""
    render = site_page.render

    def render_or_name(config: Any, files: Any) -> None:
        try:
            try:
                render(config, files)
            except ValueError:  # another build is writing this entry, or was stopped in the middle of it
                for entry in Path(config.plugins["mkdocs-jupyter"].config["cache_dir"]).glob("*.json"):
                    _forget_if_broken(entry)
                render(config, files)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            message = f"{page.name}:{_line(page, str(error))}: this cell failed\n\n{plain(str(error)).rstrip()}"
            if not serving:
                raise BuildError(message) from None
            log.error(message)
            site_page.content = (
                f'<div class="admonition failure"><pre class="output"><code>{escape(message)}</code></pre></div>'
            )

    site_page.render = render_or_name  # type: ignore[method-assign]


def _forget_if_broken(entry: Path) -> None:
    try:
        json.loads(entry.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        entry.unlink(missing_ok=True)


def _line(page: Page, message: str) -> int:
    """The line of the cell whose source the kernel's message quotes; 1 if it quotes none."""
    return next((block.line for block in page.blocks if block.source in message), 1)

"""Labs: notebooks that mkdocs-jupyter runs in a real kernel; here its cache and its failures are made to fit."""

import hashlib
import json
import logging
import posixpath
import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as SitePage
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .fence import plain
from .page import Page
from .store import versions

log = logging.getLogger("mkdocs.plugins.snippets")


def set_up(plugin: Any, root: Path, docs: Path) -> None:
    """Fill in what mkdocs.yml cannot say of mkdocs-jupyter's settings."""
    # Its own cache keys leave out the versions.
    known = hashlib.sha256(json.dumps(versions()).encode()).hexdigest()[:16]
    plugin["cache_dir"] = str(root / ".cache" / f"labs-{known}")
    # It reads every Markdown page that it is not told to ignore, to see whether it is a notebook.
    plugin["ignore"] = [f"{docs.name}/*", *(f"{folder.name}/*" for folder in docs.iterdir() if folder.name != "labs")]


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


def link(html: str, site_page: SitePage, files: Files) -> str:
    """`html` with links to Markdown files led to their pages, which mkdocs-jupyter leaves undone."""

    def resolve(found: re.Match[str]) -> str:
        source = posixpath.normpath(posixpath.join(posixpath.dirname(site_page.file.src_uri), found[1]))
        file = files.get_file_from_path(source)
        return f'href="{file.url_relative_to(site_page.file)}{found[2]}"' if file else found[0]

    return re.sub(r'href="([^":#]+\.md)((?:#[^"]*)?)"', resolve, html)


def _forget_if_broken(entry: Path) -> None:
    try:
        json.loads(entry.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        entry.unlink(missing_ok=True)


def _line(page: Page, message: str) -> int:
    """The line of the cell whose source the kernel's message quotes; 1 if it quotes none."""
    return next((block.line for block in page.blocks if block.source in message), 1)

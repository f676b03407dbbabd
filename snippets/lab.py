"""Labs: notebooks that mkdocs-jupyter runs in a real kernel; here its cache and its failures are made to fit."""

import base64
import hashlib
import json
import logging
import os
import posixpath
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as SitePage
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .fence import box, fold, html, plain, snippet
from .output import Output, Part, Result
from .page import Page
from .store import versions
from .svg import SETTINGS, inline

# Figures as drawings that follow the page's colors, by the settings that the lessons have.
KERNEL = f"c.InlineBackend.figure_formats = {{'svg'}}\nc.InlineBackend.rc = {SETTINGS!r}\n"

_COLOR = re.compile(r"\x1b\[[\d;]*m")

log = logging.getLogger("mkdocs.plugins.snippets")


def set_up(plugin: Any, root: Path, docs: Path) -> None:
    """Fill in what mkdocs.yml cannot say of mkdocs-jupyter's settings, and give kernels a configuration of our own."""
    cache = root / ".cache"
    # Its own cache keys leave out the versions and the kernel's configuration.
    known = hashlib.sha256(json.dumps([versions(), KERNEL]).encode()).hexdigest()[:16]
    plugin["cache_dir"] = str(cache / f"labs-{known}")
    # It reads every Markdown page that it is not told to ignore, to see whether it is a notebook.
    plugin["ignore"] = [f"{docs.name}/*", *(f"{folder.name}/*" for folder in docs.iterdir() if folder.name != "labs")]
    # A kernel keeps to one core as a page does: threads that wait for each other's cores make a lab many times slower.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    profile = cache / "ipython" / "profile_default"
    with suppress(OSError):  # a folder that cannot be written: the kernel's own defaults must do
        profile.mkdir(parents=True, exist_ok=True)
        (profile / "ipython_kernel_config.py").write_text(KERNEL, encoding="utf-8")
        os.environ["IPYTHONDIR"] = str(cache / "ipython")


def publish(html: str, page: Page) -> tuple[str, Result]:
    """mkdocs-jupyter's rendering of a lab made into what lessons look like, and the outputs that it shows."""
    return _publish(html, page.key.replace("/", "-"), tuple(block.tags for block in page.blocks))


@lru_cache(maxsize=32)
def _publish(rendered: str, key: str, tags: tuple[tuple[str, ...], ...]) -> tuple[str, Result]:
    soup = BeautifulSoup(re.sub(r"<(style|script)\b.*?</\1>", "", rendered, flags=re.S), "html.parser")
    pieces: list[str] = []
    outputs: list[Output] = []
    alt = ""
    for cell in soup.select(".jp-MarkdownCell, .jp-CodeCell[id]"):
        if prose := cell.select_one(".jp-MarkdownOutput"):
            paragraphs = prose.find_all("p")
            alt = paragraphs[-1].get_text() if paragraphs else ""
            for anchor in prose.select("a.anchor-link"):
                anchor["class"], anchor["title"] = "headerlink", "Permanent link"
            pieces.append(prose.decode_contents())
            continue
        source = (
            f'<div class="highlight"><pre><span></span><code>{_inner(cell, ".highlight-ipynb pre")}</code></pre></div>'
        )
        if "solution" in tags[len(outputs)]:
            source = fold("Show a solution", source)
        shown = cell.select(".jp-OutputArea-output")
        outputs.append(tuple(_part(one, f"{key}-{len(outputs)}-{n}", alt) for n, one in enumerate(shown)))
        pieces.append(snippet(source, html(outputs[-1])))
    return "\n".join(pieces), Result(tuple(outputs))


def _part(shown: Tag, prefix: str, alt: str) -> Part:
    """One output of a cell; a figure is described by the paragraph above its cell."""
    image = shown.find("img")
    if isinstance(image, Tag):
        svg = base64.b64decode(str(image["src"]).partition(",")[2]).decode()
        return Part("figure", alt, inline(svg, prefix, alt))
    return Part("value" if "jp-OutputArea-executeResult" in shown["class"] else "text", shown.get_text().strip("\n"))


def _inner(cell: Tag, selector: str) -> str:
    found = cell.select_one(selector)
    return found.decode_contents().removeprefix("<span></span>").rstrip() if found else ""


def prepare(site_page: SitePage, page: Page, serving: bool, done: Callable[[Result], None]) -> None:
    """Make `site_page.render` give a page that looks like a lesson, and `done` its outputs.

    If a cell fails, it says where: by BuildError, or in serve on the page itself.
    """
    render = site_page.render

    def render_lab(config: Any, files: Any) -> None:
        try:
            try:
                render(config, files)
            except ValueError:  # another build is writing this entry, or was stopped in the middle of it
                for entry in Path(config.plugins["mkdocs-jupyter"].config["cache_dir"]).glob("*.json"):
                    _forget_if_broken(entry)
                render(config, files)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            title, text = (
                f"{page.name}:{_line(page, str(error))}: this cell failed",
                plain(_COLOR.sub("", str(error))).rstrip(),
            )
            if not serving:
                raise BuildError(f"{title}\n\n{text}") from None
            log.error("%s\n\n%s", title, text)
            site_page.content = box(title, text)
        else:
            site_page.content, result = publish(site_page.content or "", page)
            done(result)

    site_page.render = render_lab  # type: ignore[method-assign]


def link(rendered: str, site_page: SitePage, files: Files) -> str:
    """A lab's HTML with links to Markdown files led to their pages, which mkdocs-jupyter leaves undone."""

    def resolve(found: re.Match[str]) -> str:
        source = posixpath.normpath(posixpath.join(posixpath.dirname(site_page.file.src_uri), found[1]))
        file = files.get_file_from_path(source)
        return f'href="{file.url_relative_to(site_page.file)}{found[2]}"' if file else found[0]

    return re.sub(r'href="([^":#]+\.md)((?:#[^"]*)?)"', resolve, rendered)


def _forget_if_broken(entry: Path) -> None:
    try:
        json.loads(entry.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        entry.unlink(missing_ok=True)


def _line(page: Page, message: str) -> int:
    """The line of the cell whose source the kernel's message quotes; 1 if it quotes none."""
    return next((block.line for block in page.blocks if block.source in message), 1)

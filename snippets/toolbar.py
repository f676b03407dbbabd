"""The line under a page's title: how long it takes to read, and the forms in which it can be taken away."""

import os
import posixpath
import re
from html import escape

from .page import Page

WORDS_A_MINUTE = 200
SECONDS_A_BLOCK = 15


def add(html: str, page: Page) -> str:
    """`html` with the line set under its first heading."""
    line = f'<p class="toolbar"><span>{_minutes(page)} min</span>{"".join(_links(page))}</p>'
    return re.sub(r"</h1>", lambda end: end[0] + line, html, count=1)


def _minutes(page: Page) -> int:
    words = len(page.text.split()) - sum(len(block.source.split()) for block in page.blocks)
    return max(1, round(words / WORDS_A_MINUTE + len(page.blocks) * SECONDS_A_BLOCK / 60))


def _links(page: Page) -> list[str]:
    # A page is served as NAME/index.html, its other forms as NAME.ipynb and NAME.md beside that folder.
    name = posixpath.basename(page.key)
    up = "" if name == "index" else "../"
    links = [_link(f"{up}{name}.md", "Markdown", 'class="copy-page"')]
    if page.blocks:
        links.insert(0, _link(f"{up}{name}.ipynb", "Exercise notebook" if page.is_lab else "Notebook", "download"))
    # Only a build that knows its repository can name addresses in it: the deploy does, a laptop does not.
    repository = os.environ.get("GITHUB_REPOSITORY")
    if repository and page.blocks:
        colab = f"https://colab.research.google.com/github/{repository}/blob/notebooks/{page.key}.ipynb"
        links.append(_link(colab, "Open in Colab"))
    if repository:
        links.append(_link(f"https://github.com/{repository}/edit/main/{page.name}", "Edit this page"))
    return links


def _link(address: str, text: str, attributes: str = "") -> str:
    return f'<a href="{escape(address)}" {attributes}>{text}</a>'

"""The line under a page's title: how long it takes to read, and the forms in which it can be taken away."""

import os
import posixpath
from xml.etree.ElementTree import Element, SubElement

from ..pages import Page
from ..show import Claims, held_under, runs_of

WORDS_A_MINUTE = 200
SECONDS_A_BLOCK = 15


def toolbar(page: Page, reference: tuple[str, ...], claims: Claims) -> Element:
    """The line of a page, which can be marked as done unless it stands in one of the folders `reference`."""
    line = Element("p", {"class": "toolbar"})
    if page.source.partition("/")[0] not in reference:
        line.set("data-lesson", "")
    SubElement(line, "span").text = f"{minutes(page)} min"
    if held := claims_held(claims):
        SubElement(line, "span", {"class": "claims"}).text = held
    # A page is served as NAME/index.html, its other forms as NAME.ipynb and NAME.md beside that folder.
    name = posixpath.basename(page.key)
    up = "" if name == "index" else "../"
    if page.blocks:
        text = "Exercise notebook" if page.is_lab else "Notebook"
        SubElement(line, "a", {"href": f"{up}{name}.ipynb", "download": f"{name}.ipynb"}).text = text
    SubElement(line, "a", {"href": f"{up}{name}.md", "class": "copy-page"}).text = "Markdown"
    # Only a build that knows its repository can name addresses in it: the deploy does, a laptop does not.
    if repository := os.environ.get("GITHUB_REPOSITORY"):
        if page.blocks:
            colab = f"https://colab.research.google.com/github/{repository}/blob/notebooks/{page.key}.ipynb"
            SubElement(line, "a", {"href": colab}).text = "Open in Colab"
        SubElement(
            line, "a", {"href": f"https://github.com/{repository}/edit/main/{page.name}"}
        ).text = "Edit this page"
    return line


def claims_held(claims: Claims) -> str:
    """How many claims of a page were held under how many other seeds, in words; empty if there are none."""
    runs = runs_of(claims)
    return f"{len(runs)} claim{'s' * (len(runs) != 1)}, {held_under(runs[0])}" if runs else ""


def minutes(page: Page) -> int:
    words = len(page.text.split()) - sum(len(block.source.split()) for block in page.blocks)
    return max(1, round(words / WORDS_A_MINUTE + len(page.blocks) * SECONDS_A_BLOCK / 60))

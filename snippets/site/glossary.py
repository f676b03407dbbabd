"""The glossary: its definitions stand as tooltips on every link to a term."""

import re

from markdown.extensions.toc import slugify

from ..pages import Page, fenced_lines


def definitions(page: Page) -> dict[str, str]:
    """The first sentence below each `## Term`, by the term's anchor."""
    fenced = fenced_lines(page.text)
    lines = [line for number, line in enumerate(page.text.split("\n")) if number not in fenced]
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        if line.startswith("## "):
            text = next((one for one in lines[number + 1 :] if one.strip()), "")
            found[slugify(line[3:].replace("`", ""), "-")] = re.split(r"(?<=\.)\s", text.replace("`", ""))[0]
    return found

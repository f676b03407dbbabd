"""Addresses that pages had before they were renamed: each leads to where its page is now."""

import posixpath
import shutil
from collections.abc import Container
from html import escape
from pathlib import Path
from urllib.parse import quote

from ..pages import Course, Page
from ..pages.course import SETTINGS

# The script keeps the anchor and takes its address from the link, which the offline copy turns into that of a file.
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="canonical" href="{address}">
<noscript><meta http-equiv="refresh" content="0; url={address}index.html"></noscript>
</head>
<body>
<h1>{title}</h1>
<p>This page has moved: <a href="{address}">{title}</a></p>
<script>
  location.replace(document.querySelector("a").href + location.search + location.hash);
</script>
</body>
</html>
"""


def wrong(course: Course, pages: Container[str]) -> list[str]:
    """A sentence for each entry of `moved` that does not lead from a page that is gone to one of the `pages`."""
    found = []
    for old, new in course.moved.items():
        if new not in pages:
            found.append(f"{SETTINGS}: moved: {old} leads to {new}, and there is no such page")
        if not old.endswith(".md"):
            found.append(
                f"{SETTINGS}: moved: {old} is no page's name: write it as it lay below {course.docs.name}, with .md"
            )
        if old in pages:
            found.append(
                f"{SETTINGS}: moved: {old} leads to {new}, but {course.name(old)} is still there: delete the page, or this entry"
            )
    return found


def write(course: Course, pages: dict[str, Page], site: Path) -> None:
    """Put into the folder `site`, at each old address, a page that leads on, the same as Markdown, and the notebook itself."""
    for old, new in course.moved.items():
        if old in pages or new not in pages:
            continue  # `mkdocs serve` has said so, and goes on
        address = quote(posixpath.relpath(_folder(new) or ".", _folder(old) or ".")) + "/"
        index = site / _folder(old) / "index.html"
        index.parent.mkdir(parents=True, exist_ok=True)
        text = PAGE.format(title=escape(pages[new].title), address=address)
        index.write_text(text, encoding="utf-8", newline="\n")
        to = f"{posixpath.relpath(new, posixpath.dirname(old) or '.')}"
        note = f"# {pages[new].title}\n\nThis page has moved: [{pages[new].title}]({to})\n"
        (site / old).write_text(note, encoding="utf-8", newline="\n")
        if (notebook := (site / new).with_suffix(".ipynb")).is_file():
            shutil.copyfile(notebook, (site / old).with_suffix(".ipynb"))


def _folder(source: str) -> str:
    """The folder below the site that a page is served from."""
    key = source.removesuffix(".md")
    return posixpath.dirname(key) if posixpath.basename(key) == "index" else key

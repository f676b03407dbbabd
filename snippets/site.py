"""The built site: a folder beside the last one until it is whole, its links checked, then swapped in."""

import os
import posixpath
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ID = re.compile(r'\s(?:id|name)="([^"]*)"')
_LINK = re.compile(r'<[a-zA-Z][^<>]*?\s(?:href|src)="([^"]*)"[^<>]*>')
_FOREIGN = re.compile(r"[a-zA-Z][\w+.-]*:|//")  # an address of another site, or of another kind
_NOT_MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.S)


def stage(site: Path) -> Path:
    """A new empty folder beside `site`, on the same disk, to build into."""
    site.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".site-", dir=site.parent))
    folder.chmod(0o755)
    return folder


def swap_in(staged: Path, site: Path) -> None:
    """Put `staged` in the place of `site`; another build may be doing the same."""
    old = Path(tempfile.mkdtemp(prefix=".site-", dir=site.parent))
    for attempt in range(20):
        with suppress(FileNotFoundError):
            os.rename(site, old / str(attempt))
        try:
            os.rename(staged, site)
            break
        except OSError:  # another build was faster: take its site away in turn
            continue
    else:
        raise OSError(f"could not put the new site in place at {site}")
    shutil.rmtree(old, ignore_errors=True)


def pack(site: Path) -> None:
    """Put into `site` an archive of itself that can be read without a server, as files."""
    archive = site / "offline.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(site.rglob("*")):
            if path == archive or path.is_dir() or "search" in path.relative_to(site).parts:
                continue
            name = f"course/{path.relative_to(site).as_posix()}"
            if path.suffix == ".html":
                packed.writestr(name, _readable_as_file(path.read_text(encoding="utf-8")))
            else:
                packed.write(path, name)


def _readable_as_file(html: str) -> str:
    """A folder's address stands for the page in it only on a server; search needs one too."""
    html = re.sub(r'href="((?:\.\.?/|[\w-]+/)+)((?:#[^"]*)?)"', r'href="\1index.html\2"', html)
    html = re.sub(r'href="(\.\.?)"', r'href="\1/index.html"', html)
    html = html.replace('<form class="md-search__form" name="search">', '<form class="md-search__form" name="none">')
    return html.replace("</head>", '<style>.md-search,[for="__search"]{display:none}</style></head>')


def broken_links(site: Path, base: str) -> Iterator[tuple[str, str]]:
    """Each internal link of the built pages that leads nowhere, as (page below `site`, link).

    `base` is the path that the site is served below, for instance `/course/`.
    """
    # Every page links to every other: what is done for each link is done with plain text and sets.
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    ids: dict[str, set[str]] = {}
    links: dict[str, list[str]] = {}
    for name in sorted(name for name in files if name.endswith(".html")):
        text = _NOT_MARKUP.sub("", (site / name).read_text(encoding="utf-8"))
        ids[name] = {unescape(found) for found in _ID.findall(text)}
        links[name] = [unescape(found) for found in dict.fromkeys(_LINK.findall(text))]
    for name, found in links.items():
        for link in found:
            if _FOREIGN.match(link):
                continue
            path, _, anchor = link.partition("#")
            target = _target(files, name, unquote(path.partition("?")[0]), base)
            if target is None or (anchor and target in ids and unquote(anchor) not in ids[target]):
                yield name, link


def _target(files: set[str], page: str, path: str, base: str) -> str | None:
    """The one of the site's `files` that a link's path leads to from `page`; None if there is none."""
    if not path:
        return page
    if path.startswith("/"):
        if not path.startswith(base):
            return None
        target = path[len(base) :]
    else:
        target = f"{posixpath.dirname(page)}/{path}".lstrip("/")
    target = posixpath.normpath(target)
    return next((name for name in (target, posixpath.normpath(f"{target}/index.html")) if name in files), None)


def line_of_text(text: str, wanted: str) -> int:
    """The first line of a page's Markdown that holds `wanted`, or the first line of it; 1 if none does."""
    first = wanted.split("\n")[0]
    return next((number for number, line in enumerate(text.split("\n"), 1) if first in line), 1)


def line_of(text: str, link: str) -> int:
    """The line of a page's Markdown where `link`, as found in its HTML, is likely written; 1 if it is not found."""
    parts = urlsplit(link)
    stem = Path(parts.path.rstrip("/")).stem
    for wanted in (link, f"{stem}.md#{parts.fragment}", f"#{parts.fragment}" if parts.fragment else link, stem):
        for number, line in enumerate(text.split("\n"), 1):
            if wanted and wanted in line and ("](" in line or "]:" in line or "href" in line):
                return number
    return 1

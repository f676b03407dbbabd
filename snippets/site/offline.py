"""The offline copy: the site as an archive that can be read without a server, as files."""

import base64
import json
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from lxml import html
from lxml.etree import SubElement

NAME = "offline.zip"


def pack(site: Path) -> None:
    """Put into the folder `site` an archive of itself."""
    archive = site / NAME
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(site.rglob("*")):
            if path.name in (NAME, "404.html") or path.is_dir() or "search" in path.relative_to(site).parts:
                continue
            name = f"course/{path.relative_to(site).as_posix()}"
            if path.suffix == ".html":
                packed.writestr(name, readable_as_file(path.read_bytes(), path.parent))
            else:
                packed.write(path, name)


def readable_as_file(page: bytes, folder: Path) -> bytes:
    """A page of the site's `folder` that a browser can open from a disk.

    A folder's address stands for the page in it only on a server; so do scripts that are modules, and search.
    """
    document = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for link in document.iter("a", "link"):
        parts = urlsplit(link.get("href", ""))
        if (
            not parts.scheme
            and not parts.netloc
            and parts.path
            and (parts.path.endswith(("/", "..")) or parts.path == ".")
        ):
            path = parts.path.rstrip("/") or "."
            link.set("href", parts._replace(path=f"{path}/index.html").geturl())
    for script in document.iter("script"):
        if script.get("type") == "module" and (address := script.get("src")):
            del script.attrib["src"]
            script.text = (folder / urlsplit(address).path).read_text(encoding="utf-8")
        elif script.get("type") == "importmap":
            imports = json.loads(script.text)["imports"]
            script.text = json.dumps(
                {"imports": {name: _data(folder / urlsplit(at).path) for name, at in imports.items()}}
            )
    for form in document.xpath("//form[@name='search']"):
        form.set("name", "none")  # Material's script looks for the search by it, and wants the rest to be there
    SubElement(document.find("head"), "style").text = ".md-search, [for=__search] { display: none }"
    return html.tostring(document, doctype="<!doctype html>", encoding="utf-8")


def _data(script: Path) -> str:
    return "data:text/javascript;base64," + base64.b64encode(script.read_bytes()).decode()

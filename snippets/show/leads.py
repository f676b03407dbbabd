"""Where the links of a page lead in its other forms, which lie elsewhere than the page or nowhere."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

_FOREIGN = re.compile(r"[a-zA-Z][\w+.-]*:|//")  # an address of another site, or of another kind


def place(source: str, urls: Mapping[str, str]) -> str:
    """The address below the site's of a file below docs: as `urls` has it, or as MkDocs would choose it."""
    if source in urls:
        return urls[source].removeprefix("./")
    folder, name = posixpath.split(source)
    stem, ending = posixpath.splitext(name)
    if ending != ".md":
        return quote(source)
    parts = [folder] * bool(folder) + [stem] * (stem not in ("index", "README"))
    return "".join(f"{quote(part)}/" for part in parts)


@dataclass(frozen=True)
class Leads:
    """Where the links of the page `source` lead in one of its forms.

    An address begins with `start`, the site's own; without one it is relative to the form, which lies where the page's
    source lies below docs, and beside the Markdown of other pages. `urls` are the addresses of files below docs.
    """

    source: str
    urls: Mapping[str, str]
    start: str | None = None

    @staticmethod
    def is_foreign(address: str) -> bool:
        return bool(_FOREIGN.match(address))

    def address(self, written: str, in_html: bool) -> str:
        """The address for one that is written in Markdown, relative to the page's source, or in HTML, to the page."""
        path, mark, anchor = written.partition("#")
        if anchor == "only-light":  # Material's mark of a picture for one of its two schemes
            mark = anchor = ""
        folder = posixpath.dirname(self.source)
        if self.is_foreign(written) or (self.start is None and not in_html and not path.startswith("/")):
            return path + mark + anchor
        here = place(self.source, self.urls)
        target = posixpath.normpath(posixpath.join("/", here if in_html else folder, unquote(path)))[1:] if path else ""
        if self.start is None:
            return posixpath.relpath(f"/{target}", f"/{folder}") * bool(path) + mark + anchor
        if in_html:
            target = quote(target) + "/" * (path.endswith("/") and bool(target)) if path else here
        else:
            target = place(target, self.urls) if path else here
        return self.start + target + mark + anchor

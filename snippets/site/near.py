"""What someone who wrote a link or a name that leads nowhere likely meant."""

import difflib
import posixpath
from collections.abc import Iterable, Iterator

from ..show.leads import place


def nearest(source: str, path: str, files: Iterable[str]) -> str:
    """The one of `files`, all below docs, that a link to `path` on the page `source` likely means, as it should be written.

    Empty if none is near: the endings that sites leave out are tried, then the same name elsewhere, then similar ones.
    """
    folder, known = posixpath.dirname(source), sorted(files)
    if exact := next((guess for guess in guesses(source, path) if guess in known), ""):
        return posixpath.relpath(exact, folder or ".")
    stem, ending = posixpath.splitext(posixpath.basename(path.rstrip("/")))
    kinds = (".md", ".ipynb") if ending in ("", ".html", ".md") else (ending,)
    alike = [file for file in known if posixpath.splitext(file)[1] in kinds]
    stems = {file: posixpath.splitext(posixpath.basename(file))[0] for file in alike}
    name = stem if stem in stems.values() else like(stem, stems.values(), 0.7)
    wanted = posixpath.normpath(posixpath.join(folder, path)).lstrip("/.")
    same = [file for file in alike if name and stems[file] == name]
    found = max(same, key=lambda file: difflib.SequenceMatcher(None, file, wanted).ratio(), default="")
    return posixpath.relpath(found, folder or ".") if found else ""


def like(name: str, others: Iterable[str], cutoff: float = 0.6) -> str:
    """The one of `others` that is most like `name`; empty if none is."""
    return next(iter(difflib.get_close_matches(name, [*others], 1, cutoff)), "")


def guesses(source: str, path: str) -> Iterator[str]:
    """Files below docs that a link may mean: as it is, as if the page stood at its address, as if it began at the top."""
    for start in (posixpath.dirname(source), place(source, {}), ""):
        plain = posixpath.normpath(posixpath.join(start, path.lstrip("/\\")))
        yield plain
        yield posixpath.splitext(plain)[0] + ".md"
        yield from (posixpath.normpath(f"{plain}/{name}.md") for name in ("index", "README"))

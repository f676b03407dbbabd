"""A page on its way to its reader: what it is, what it gave, and what else stands on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from ..pages import Course, Page
from ..run import Result, Runner, Store, results_of
from .claims import Claims


class RefusedError(Exception):
    """A page that must not be published as it is; names the file and the line."""


def _refuse(message: str) -> None:
    raise RefusedError(message)


@dataclass
class Sheet:
    """A page that is being rendered, what it gave, and what else stands on it.

    `meanings` are the glossary's definitions by anchor, `toolbar` the line under the title. `aside`, if there is such a
    list, takes the blocks, whose places hold words only until `put_back`. `refuse` is told what must not be published.
    `claims` are those that were held under other seeds: by the block's index the wording of each and, by the run's name,
    what it compared. `differs` are the blocks, by index, at which it is said that their outputs are not those on record.
    """

    page: Page
    result: Result
    meanings: dict[str, str] = field(default_factory=dict)
    toolbar: Element | None = None
    aside: list[str] | None = None
    refuse: Callable[[str], None] = _refuse
    differs: frozenset[int] = frozenset()
    claims: Claims = field(default_factory=dict)


def alone(root: Path, source: str, text: str) -> Sheet:
    """The sheet of a page whose generator knows nothing of us but the extension; raises RefusedError.

    `root` is the folder of mkdocs.yml, `source` the page's path below docs if it is known, `text` its Markdown.
    """
    course = Course.read(root.resolve())
    path = course.docs / source
    page = Page.read(path, course) if path.is_file() else Page.parse("page.md", text, course, whole=False)
    store = Store(course.root / course.store)
    result = results_of([page], store, lambda pages: Runner(course, pages), lambda line: None)[page.source]
    if result.failure:
        raise RefusedError(result.failure.describe(page.name))
    return Sheet(page, result)

"""The real course, and its pages by their place below docs, without the ending; `NOTEBOOKS` are pages that show a lab."""

from functools import cache

from helpers.project import ROOT
from snippets.pages import Course, Page, PageError

COURSE = Course.read(ROOT)
PAGES = sorted(path.relative_to(COURSE.docs).with_suffix("").as_posix() for path in COURSE.docs.rglob("*.md"))
NOTEBOOKS = [name.removesuffix(".ipynb") for name in COURSE.notebooks]


@cache
def page_of(name: str) -> Page:
    """One of `PAGES`, parsed."""
    return Page.read(COURSE.docs / f"{name}.md", COURSE)


def _is_lab(name: str) -> bool:
    try:
        return page_of(name).is_lab
    except PageError:  # the page's own test says so
        return False


LABS = [page for page in PAGES if _is_lab(page)]
LESSONS = [page for page in PAGES if page not in LABS]


def path_of(page: str) -> str:
    """Where one of `PAGES` lies below the site's address, and below its folder."""
    return "" if page == "index" else f"{page}/"

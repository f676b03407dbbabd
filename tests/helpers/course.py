"""The real course, and its pages by their place below docs, without the ending; `NOTEBOOKS` are pages that show a lab."""

from helpers.project import ROOT
from snippets.pages import Course, Page

COURSE = Course.read(ROOT)
PAGES = sorted(path.relative_to(COURSE.docs).with_suffix("").as_posix() for path in COURSE.docs.rglob("*.md"))
LABS = [page for page in PAGES if page.startswith("labs/")]
NOTEBOOKS = [name.removesuffix(".ipynb") for name in COURSE.notebooks]
LESSONS = [page for page in PAGES if page not in LABS]


def page_of(name: str) -> Page:
    """One of `PAGES`, parsed."""
    return Page.read(COURSE.docs / f"{name}.md", COURSE)


def path_of(page: str) -> str:
    """Where one of `PAGES` lies below the site's address, and below its folder."""
    return "" if page == "index" else f"{page}/"

"""What is kept by hand, held: the home page's list of the parts, each "part 3" that is a link, the glossary's order."""

import posixpath
import re
from itertools import pairwise

import pytest
from helpers.course import COURSE, PAGES, page_of
from mkdocs.utils.yaml import yaml_load

HOME = COURSE.docs / "index.md"


def pages_of(entries: list) -> list[str]:
    """The pages of a list in the nav, in their order."""
    found = []
    for entry in entries:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            found += pages_of(value) if isinstance(value, list) else [value]
    return found


with (COURSE.root / "mkdocs.yml").open(encoding="utf-8") as settings:
    NAV = {title: pages_of([value]) for entry in yaml_load(settings)["nav"] for title, value in entry.items()}
# A part is a list of pages that are worked through; the home page is none.
PARTS = {
    title: pages
    for title, pages in NAV.items()
    if pages != ["index.md"] and pages[0].partition("/")[0] not in COURSE.reference
}


def test_the_home_page_lists_every_part_in_the_order_of_the_nav():
    listed = re.findall(r"^\d+\.  \*\*\[.+?\]\(.+?\)\*\*(?= \u2013 \S)", HOME.read_text(encoding="utf-8"), re.M)
    wanted = [f"{number}.  **[{title}]({pages[0]})**" for number, (title, pages) in enumerate(PARTS.items(), 1)]
    lacks = "\n".join(f"    {line} \u2013 what it is about" for line in wanted if line not in listed)
    assert listed == wanted, f'docs/index.md: the list below "The course" lacks, in the order of nav:\n{lacks}'


def test_the_first_link_of_the_home_page_leads_to_the_first_lesson():
    first = next(iter(PARTS.values()))[0]
    assert f"[Start with lesson 1]({first})" in HOME.read_text(encoding="utf-8"), f"docs/index.md starts with {first}"


@pytest.mark.parametrize("page", PAGES)
def test_a_link_that_names_a_part_by_number_leads_there(page):
    numbers = {source: number for number, pages in enumerate(PARTS.values(), 1) for source in pages}
    for number, link in re.findall(r"\[part (\d+)\]\(([^)#]+)", page_of(page).text, re.I):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
        assert numbers.get(target) == int(number), f"docs/{page}.md: [part {number}]({link}): which part is that?"


def test_the_glossary_is_in_alphabetical_order():
    text = (COURSE.docs / COURSE.glossary).read_text(encoding="utf-8")
    terms = [term.replace("`", "").casefold() for term in re.findall(r"^## (.+)$", text, re.M)]
    wrong = [f"{second} after {first}" for first, second in pairwise(terms) if second < first]
    assert not wrong, f"docs/{COURSE.glossary}: {', '.join(wrong)}"

"""The published HTML: it follows HTML's grammar, each id is there once, and formulas and pictures have their text."""

from collections import Counter

import html5lib
import pytest
from bs4 import BeautifulSoup
from helpers.course import NOTEBOOKS, PAGES, path_of


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS, "404"])
def test_html_is_valid(site, page):
    path = site / "404.html" if page == "404" else site / path_of(page) / "index.html"
    text = path.read_text(encoding="utf-8")
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert [f"line {place[0]}: {kind}" for place, kind, _ in parser.errors] == []
    soup = BeautifulSoup(text, "html.parser")
    assert [name for name, count in Counter(tag["id"] for tag in soup.select("[id]")).items() if count > 1] == []
    assert soup.select('[tabindex=""], input[type=checkbox][autocomplete], math[tabindex], img:not([alt])') == []
    for attribute in ("for", "aria-labelledby", "aria-controls", "aria-describedby"):
        for tag in soup.select(f"[{attribute}]"):
            assert all(soup.find(id=name) for name in tag[attribute].split()), (
                f"{tag.name} {attribute}={tag[attribute]}"
            )

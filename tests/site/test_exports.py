"""The other forms of pages: every link leads to a file, questions say what is right, and nothing of the site's own is left."""

import json
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from helpers.course import PAGES, page_of
from helpers.project import ROOT, Project, python_m
from markdown_it import MarkdownIt

from snippets.show.leads import Leads
from snippets.show.prose import prose

ADDRESS = "https://example.org/course/"
MARKDOWN = MarkdownIt("commonmark").enable("table")


def links(text: str) -> Iterator[str]:
    """Where the links and pictures of a Markdown text lead, as any parser sees it."""
    tokens = MARKDOWN.parse(text)
    while tokens:
        token, *tokens = tokens
        tokens = [*(token.children or ()), *tokens]
        if token.type in ("link_open", "image"):
            yield str(token.attrs["href" if token.type == "link_open" else "src"])
        elif token.type in ("html_inline", "html_block"):
            yield from re.findall(r'(?:href|src)="([^"]+)"', token.content)


def markdown_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@cache
def ids(page: Path) -> set[str]:
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {tag["id"] for tag in soup.find_all(id=True)}


def leads_somewhere(site: Path, form: Path, link: str, start: str) -> bool:
    """Whether a link of a page's form leads to a file of the site: from `start` on, or from where the form lies."""
    if link.startswith("#"):
        here = form.parent if form.stem == "index" else form.with_suffix("")
        return unquote(link[1:]) in ids(here / "index.html")
    folder = posixpath.dirname(form.relative_to(site).as_posix())
    place = link.removeprefix(start) if start and link.startswith(start) else posixpath.join(folder, link)
    parts = urlsplit(place)
    file = site / unquote(parts.path)
    file = file / "index.html" if file.is_dir() else file
    anchored = parts.fragment and file.suffix == ".html"
    return file.is_file() and (not anchored or unquote(parts.fragment) in ids(file))


def dead(site: Path, forms: list[Path], start: str) -> list[tuple[str, str]]:
    """The links of these forms that lead to no file of the site."""
    found = [(form, link) for form in forms for link in links(markdown_of(form))]
    ours = [(form, link) for form, link in found if not re.match(r"\w+:", link) or link.startswith(ADDRESS)]
    return [(form.name, link) for form, link in ours if not leads_somewhere(site, form, link, start)]


def forms(site: Path, kind: str) -> list[Path]:
    """The forms of all pages of the course, of one kind."""
    paths = [site / f"{page}.{kind}" for page in PAGES]
    return [path for path in paths if kind == "md" or path.is_file()]


@pytest.fixture(scope="module")
def addressed(site, tmp_path_factory) -> Path:
    """The real site, built for an address."""
    folder = tmp_path_factory.mktemp("addressed") / "site"
    built = python_m(ROOT, "mkdocs", "build", "--strict", "--site-dir", str(folder), SITE_URL=ADDRESS)
    assert built.returncode == 0, built.stdout
    return folder


def test_every_link_of_every_form_leads_to_a_file_of_the_site(addressed):
    notebooks = forms(addressed, "ipynb")
    inside = [link for path in notebooks for link in links(markdown_of(path))]
    assert len([link for link in inside if link.startswith(ADDRESS)]) > 250
    assert [link for link in inside if not re.match(r"\w+:", link)] == []
    assert dead(addressed, notebooks, ADDRESS) == []
    assert dead(addressed, forms(addressed, "md"), ADDRESS) == []
    whole = addressed / "llms-full.txt"
    assert [link for link in links(markdown_of(whole)) if not re.match(r"\w+:", link)] == []
    assert dead(addressed, [whole, addressed / "llms.txt"], ADDRESS) == []


def test_so_it_does_where_nobody_knows_the_address(site):
    notebooks = forms(site, "ipynb")
    assert [link for path in notebooks for link in links(markdown_of(path)) if not re.match(r"\w+:", link)] == []
    assert "an untrained network reads digits" in markdown_of(site / "networks" / "softmax.ipynb").lower()
    assert dead(site, forms(site, "md"), "") == []
    whole = site / "llms-full.txt"
    assert len([link for link in links(markdown_of(whole)) if link.startswith("/")]) > 300
    assert dead(site, [whole], "/") == []
    assert dead(site, [site / "llms.txt"], "") == []


@pytest.mark.parametrize("start", [ADDRESS, "/"])
def test_each_page_of_the_whole_text_begins_with_its_address(site, addressed, start):
    text = ((addressed if start == ADDRESS else site) / "llms-full.txt").read_text(encoding="utf-8")
    found = re.findall(r"^Page: (.*)\n\n# (.*)$", text, re.M)
    wanted = [(f"{start}{page}/".removesuffix("index/"), page_of(page).title) for page in PAGES]
    assert sorted(found) == sorted(wanted)


def test_nothing_of_the_site_alone_is_left_in_the_course(addressed):
    for form in [*forms(addressed, "md"), *forms(addressed, "ipynb"), addressed / "llms-full.txt"]:
        text = re.sub(r"^(`{3,})\w*\n.*?^\1$|`[^`\n]+`", "", markdown_of(form), flags=re.S | re.M)
        assert not re.search(r"</?(div|span|a)\b|<!--|\{[ ]*[.#:]|^/{3,}", text, re.M), form


def test_every_question_of_the_course_says_what_is_right_in_every_form(site):
    count = 0
    whole = (site / "llms-full.txt").read_text(encoding="utf-8")
    for page in PAGES:
        for kind, title, below in answers(page_of(page).text):
            count += 1
            line = f"\n- {'✓' if kind == 'right' else '✗'} {title}\n\n{below}\n"
            for form in (site / f"{page}.md", site / f"{page}.ipynb"):
                assert line.partition("](")[0] in markdown_of(form), (form, line)
            assert line.partition("](")[0] in whole, line
    assert count > 100


def answers(text: str) -> list[tuple[str, str, str]]:
    """Each answer on a page: right or wrong, what it says, and the first line of its explanation."""
    return re.findall(r"^/{4} (right|wrong) \| (.+)\n\n(.+)\n", text, re.M)


# The same in small: what the course need not have.

PROSE = {
    "[a](b.md){ .md-button .x }": "[a](b.md)",
    "[a](b.md){: #id title='x' target=_blank }": "[a](b.md)",
    "**a**{ .x } and `b`{ .y } and ![c](d.png){ width=10 }": "**a** and `b` and ![c](d.png)",
    "`{ .x }` and `[a](b.md){ .x }`": "`{ .x }` and `[a](b.md){ .x }`",
    "the sets {1, 2} and {a=b} stay": "the sets {1, 2} and {a=b} stay",
    "$x^{.5}$ and $\\{a\\}$": "$x^{.5}$ and $\\{a\\}$",
    "## Title { #anchor .x }\n\nText.\n{: .lead }": "## Title\n\nText.",
    '<div class="a > b" markdown>\n\nText.\n\n</div>': "Text.",
    "a <span class=x>b</span> c<!-- d --> e": "a b c e",
    'a<span id="x" hidden>gone</span> b': "a b",
    "<script>\nlet x = 1;\n</script>\n\nText.": "Text.",
    "x < y and H<sub>2</sub>O and <kbd>Enter</kbd>": "x < y and H<sub>2</sub>O and <kbd>Enter</kbd>",
    "`<div>` and\n\n```html\n<div>\n\n\n{ .x }\n</div>\n```": "`<div>` and\n\n```html\n<div>\n\n\n{ .x }\n</div>\n```",
    "![a](x.svg#only-light)\n![a](y.svg#only-dark)": "![a](x.svg)",
    '<a class="b" href="../../offline.zip" download>all of `it`</a>': "[all of `it`](../offline.zip)",
    "<a href='https://example.org/x'>there</a>": "[there](https://example.org/x)",
    '<img alt="a map" src="../map.png">': "![a map](map.png)",
    "/// details | A `title`\n    open: true\n\nText.\n\n///": "**A `title`**\n\nText.",
    "/// note\n\nText.\n\n///": "Text.",
    "/// question | Q?\n\n//// right | `a | b`\n\nSo.\n\n////\n\n//// wrong | $c$\n\nNo.\n\n////\n\n///": (
        "**Q?**\n\n- ✓ `a | b`\n\nSo.\n\n- ✗ $c$\n\nNo."
    ),
    "---\ntitle: x\n---\n\n# x": "# x",
}


@pytest.mark.parametrize("written", PROSE)
def test_what_only_the_site_knows_is_taken_out(written):
    assert prose(written, Leads("part/page.md", {})) == PROSE[written]


NOWHERE = {
    "[a `b`](c.md#d 'title') and [e](https://example.org/)": "a `b` and [e](https://example.org/)",
    "[![a map](x.png)](b.md)": "[Picture: a map]",
    "[a](#b), [c [d]](e.md)": "a, c [d]",
    "[a][b], [b][], [b] and [c]\n\n[b]: d.md\n": "a, b, b and [c]",
    "<a href='x/'>a</a>": "a",
    "`[a](b.md)` and $f[x](y)$": "`[a](b.md)` and $f[x](y)$",
}


@pytest.mark.parametrize("written", NOWHERE)
def test_links_that_can_lead_nowhere_leave_their_words(written):
    assert prose(written) == NOWHERE[written]


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("[a](b.md#c)", f"[a]({ADDRESS}part/b/#c)"),
        ("[a](../index.md)", f"[a]({ADDRESS})"),
        ("[a](../other/README.md)", f"[a]({ADDRESS}other/)"),
        ("[a](#c)", f"[a]({ADDRESS}part/page/#c)"),
        ("[a](my%20page.md)", f"[a]({ADDRESS}part/my%20page/)"),
        ("![a](../assets/x.svg)", f"![a]({ADDRESS}assets/x.svg)"),
        ("[a](../lab.ipynb)", f"[a]({ADDRESS}lab/)"),  # a page, since its address is that of one
        ("[a](../data.ipynb)", f"[a]({ADDRESS}data.ipynb)"),
        ("[a](x.md) [b]\n\n[b]: y.md 'Y'", f"[a]({ADDRESS}part/x/) [b]\n\n[b]: {ADDRESS}part/y/ 'Y'"),
        ('<a href="../b/#c">a</a>', f"[a]({ADDRESS}part/b/#c)"),
        ("[a](mailto:x@example.org) <https://example.org>", "[a](mailto:x@example.org) <https://example.org>"),
    ],
)
def test_addresses_are_those_of_the_site(written, whole):
    assert prose(written, Leads("part/page.md", {"lab.ipynb": "lab/"}, ADDRESS)) == whole


def test_a_page_without_words_has_no_description_and_no_colon(project: Project):
    project.page("other", "# Other\n\nSee [the *first*](index.md) page.\n")
    assert project.build().returncode == 0
    lines = project.read("site/llms.txt").split("\n")
    assert "- [Good](index.md)" in lines
    assert "- [Other](other.md): See the *first* page." in lines

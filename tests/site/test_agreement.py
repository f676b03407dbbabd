"""What pages say of one another, held: quoted numbers, one `train` for all, the glossary's terms, the cheat sheet's calls."""

import ast
import posixpath
import re
from collections.abc import Iterator

import pytest
from helpers.course import COURSE, PAGES, page_of
from markdown.extensions.toc import slugify

from snippets.check.records import Records
from snippets.pages import Page
from snippets.pages.markup import LINK
from snippets.site.glossary import definitions

RECORDS = Records(COURSE)
CHEAT_SHEET = "reference/cheat-sheet"
GLOSSARY_PAGE = COURSE.glossary.removesuffix(".md")
GLOSSARY = (COURSE.docs / COURSE.glossary).read_text(encoding="utf-8")
TERMS = re.findall(r"^## (.+)$", GLOSSARY, re.M)
WORKED_THROUGH = [page for page in PAGES if page.partition("/")[0] not in COURSE.reference]
# The order in which readers meet them: `train` is introduced in the first of these, and given batches in the second.
INTRODUCED, BATCHED = "training/training-loop", "training/datasets-and-loaders"


def targets(page: str) -> Iterator[tuple[str, str, str]]:
    """The page's links to other pages: their words, the page without its ending, the anchor."""
    for link in LINK.finditer(page_of(page).text):
        path, _, anchor = link["address"].strip(" \t<>").partition("#")
        words = re.search(r"\[([^\[\]]*)\]\($", page_of(page).text[: link.start("address")])
        if path.endswith(".md"):
            yield words[1] if words else "", posixpath.normpath(f"{page}/../{path}").removesuffix(".md"), anchor


def numbers_of(page: str) -> set[str]:
    """The numbers with decimals that a page's blocks print, as they are recorded (what is deeper is in a figure)."""
    record = RECORDS.path(page_of(page)).read_text(encoding="utf-8")
    return set(re.findall(r"\d+\.\d+", "\n".join(re.findall(r"^ {4}[^ \[].*", record, re.M))))


def quoted() -> list[tuple[str, str, str]]:
    """Each number that is a link: the page it stands on, the number, the page that it is quoted from."""
    found = []
    for page in PAGES:
        for words, other, _ in targets(page):
            found += [(page, number, other) for number in re.findall(r"\d+\.\d+", words)]
    return found


def test_a_number_that_is_a_link_is_what_the_other_page_gives():
    assert quoted(), "no page quotes a number of another: is it a link?"
    wrong = [
        f"docs/{page}.md: {number} does not stand on docs/{other}.md"
        for page, number, other in quoted()
        if number not in numbers_of(other)
    ]
    assert wrong == []


def functions(name: str) -> dict[str, str]:
    """Every definition of this function that runs, without its layout, by the page and line where it stands."""
    found = {}
    for page in WORKED_THROUGH:
        for block in page_of(page).blocks:
            if block.runs and not block.program:
                for node in ast.walk(tree(block.source)):
                    if isinstance(node, ast.FunctionDef) and node.name == name:
                        found[f"docs/{page}.md:{block.line + node.lineno}"] = ast.unparse(node)
    return found


def tree(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except SyntaxError:  # a block that shows the message
        return ast.Module([], [])


def test_train_has_one_shape_throughout():
    """Readers who copy a page into a fresh Python need it on each page, so it is written again, and always the same."""
    found = functions("train")
    batched = next(source for place, source in found.items() if place.startswith(f"docs/{BATCHED}.md"))
    assert batched.startswith("def train(model, optimizer, inputs, targets, epochs, batch_size):")
    first = next(source for place, source in found.items() if place.startswith(f"docs/{INTRODUCED}.md"))
    assert first.startswith("def train(model, optimizer, inputs, targets, epochs):")
    allowed = {place: first if place.startswith(f"docs/{INTRODUCED}.md") else batched for place in found}
    other = {place: source for place, source in found.items() if source != allowed[place]}
    assert other == {}


def test_accuracy_is_measured_by_one_function_without_gradients():
    found = functions("accuracy")
    assert len(found) > 5
    wrong = [place for place, source in found.items() if not re.search(r"no_grad|inference_mode", source)]
    assert wrong == []
    assert {source.split("\n")[0] for source in found.values()} == {"def accuracy(model, inputs, targets):"}


def test_the_glossary_explains_what_a_course_needs():
    assert len(TERMS) >= 120


@pytest.fixture(scope="module")
def linked() -> set[str]:
    """The anchors of the glossary that lessons and labs link to."""
    return {anchor for page in WORKED_THROUGH for _, other, anchor in targets(page) if other == GLOSSARY_PAGE}


def test_every_term_of_the_glossary_is_linked_from_a_lesson(linked):
    missing = [term for term in TERMS if slugify(term.replace("`", ""), "-") not in linked]
    assert missing == []


def test_a_definition_is_plain_text():
    """It stands in a tooltip, where nothing can be clicked."""
    assert [anchor for anchor, words in definitions(page_of(GLOSSARY_PAGE)).items() if "](" in words] == []


def test_every_term_of_the_glossary_names_its_lesson():
    folder = posixpath.dirname(COURSE.glossary)
    without = []
    for entry in re.split(r"^## ", GLOSSARY, flags=re.M)[1:]:
        links = [posixpath.normpath(f"{folder}/{path}") for path in re.findall(r"\]\(([^)#]+)\.md", entry)]
        if not set(links) & set(WORKED_THROUGH):
            without.append(entry.split("\n")[0])
    assert without == [], f"docs/{GLOSSARY_PAGE}.md"


def calls(page: Page) -> set[str]:
    """The names of all functions and methods that the page's code calls."""
    found = set()
    for block in page.blocks:
        for node in ast.walk(tree(block.source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                found.add(node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
    return found


def test_every_call_on_the_cheat_sheet_is_made_on_another_page():
    sheet = page_of(CHEAT_SHEET)
    own = set(re.findall(r"^(?:def )?(\w+)(?: = |\()", "\n".join(block.source for block in sheet.blocks), re.M))
    run_elsewhere = set().union(*(calls(page_of(page)) for page in PAGES if page != CHEAT_SHEET))
    assert sorted(calls(sheet) - run_elsewhere - own) == []

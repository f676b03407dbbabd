"""A page that was renamed: its old address leads to the new one, and whatever still counts on the old name is said."""

import re
import zipfile

import html5lib
import pytest
from helpers.project import Project
from helpers.renamed import OLD, SETTINGS, renamed, renamed_and_built

from snippets.site.links import Links


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    return renamed_and_built(tmp_path_factory.mktemp("renamed"))


@pytest.mark.parametrize("old", OLD)
def test_an_old_address_has_a_page_with_a_link_that_is_valid_and_asks_nobody_else(built, old):
    html = built.read(f"site/{old}/index.html")
    parser = html5lib.HTMLParser()
    document = parser.parse(html)
    assert parser.errors == []
    names = {element.tag.partition("}")[2] for element in document.iter() if isinstance(element.tag, str)}
    assert {"title", "h1", "a"} <= names
    assert document.get("lang") == "en"
    assert "//" not in html
    links = Links()
    assert list(links.broken(built.folder / "site", "/course/")) == []


@pytest.mark.parametrize("old", ["part/old", "other/old name", "oldest"])
def test_the_other_forms_are_there_too(built, old):
    assert built.read(f"site/{old}.ipynb") == built.read("site/part/new.ipynb")
    note = built.read(f"site/{old}.md")
    (link,) = [piece.partition(")")[0] for piece in note.split("](")[1:]]
    assert ((built.folder / "site" / old).parent / link).resolve() == (built.folder / "site/part/new.md").resolve()


def test_an_old_address_is_in_no_list(built):
    for name in ("sitemap.xml", "llms.txt", "llms-full.txt", "search/search_index.json", "index.html"):
        text = built.read(f"site/{name}")
        assert [old for old in OLD if f"{old}." in text or f"{old}/" in text] == [], name


WRONG = {
    "no such page": (
        {"part/old.md: part/new.md": "part/old.md: part/none.md"},
        "mkdocs.yml: moved: part/old.md leads to part/none.md, and there is no such page",
    ),
    "still there": (
        {"part/old.md: part/new.md": "index.md: part/new.md"},
        "mkdocs.yml: moved: index.md leads to part/new.md, but docs/index.md is still there: delete",
    ),
    "an address": (
        {"part/old.md: part/new.md": "part/old/: part/new.md"},
        "mkdocs.yml: moved: part/old/ is no page's name: write it as it lay below docs, with .md",
    ),
    "nav": (
        {"  - part/new.md\n": "  - part/old.md\n"},
        ": `nav` names part/old.md, which is not in docs; did you mean part/new.md?\n",
    ),
}


@pytest.mark.parametrize("flags", [(), ("-q",)], ids=["plain", "quiet"])
@pytest.mark.parametrize("case", WRONG)
def test_what_mkdocs_yml_says_of_a_page_that_is_not_so_ends_the_build(tmp_path, case, flags):
    changes, said = WRONG[case]
    settings = SETTINGS
    for old, new in changes.items():
        assert old in settings
        settings = settings.replace(old, new)
    project = renamed(tmp_path, settings)
    result = project.build(*flags)
    assert result.returncode == 1
    assert result.stdout.count(said) == 1, result.stdout
    assert "leads nowhere" not in result.stdout
    assert "not in `nav`" not in result.stdout
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("part/more", "old.md"),
        ("part/more", "../old/"),
        ("index", "oldest.md"),
        ("index", "part/old/"),
        ("index", "oldest.ipynb"),
    ],
)
def test_a_link_of_the_site_may_not_lead_by_way_of_an_old_address(tmp_path, page, link):
    project = renamed(tmp_path)
    project.page(page, f"# T\n\nWords.\n\n[a]({link})\n")
    result = project.build()
    assert result.returncode == 1
    (said,) = re.findall(rf"docs/{page}\.md:5: the link {re.escape(link)} .*", result.stdout)
    assert said.rstrip("?").endswith(" new.md" if page == "part/more" else " part/new.md")


def test_another_generators_site_is_finished_with_them(tmp_path):
    project = renamed(tmp_path)
    for name in ("index", "part/new/index", "apart/index"):
        project.write(f"built/{name}.html", "<!doctype html><title>T</title><p>Built by another.")
    result = project.run("snippets", "finish", "built", "--address", "https://example.org/course/")
    assert result.returncode == 0, result.stdout
    assert 'href="../new/"' in project.read("built/part/old/index.html")
    with zipfile.ZipFile(tmp_path / "built/offline.zip") as archive:
        assert "course/part/old/index.html" in archive.namelist()
    project.write("mkdocs.yml", SETTINGS.replace("old.md: part/new.md", "old.md: part/none.md"))
    result = project.run("snippets", "finish", "built")
    assert result.returncode == 1
    assert "mkdocs.yml: moved: part/old.md leads to part/none.md" in result.stdout

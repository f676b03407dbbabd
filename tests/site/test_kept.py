"""What `mkdocs serve` keeps: after any edit the site has the very files that a server just started would build."""

import pytest
from helpers.project import Project, fence, python_m

GLOSSARY = "# Glossary\n\n## Loss\n\nHow wrong it is. More.\n"
LEAN = "# Lean\n\nA [loss](reference/glossary.md#loss) and [good](good.md), see [there](good.md#good).\n\n" + fence(
    "1 + 1", title=""
)
# Builds as `mkdocs serve` does, twice over: keeping what the last build left, and with a plugin that has kept nothing.
BUILDS = """
import logging, pathlib, sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
from snippets.site.kept import Kept

logging.getLogger("mkdocs").propagate = False  # it is counted what it says, and not shown
docs = pathlib.Path("docs")
ADDRESS = "http://127.0.0.1:8000/"

def config(site):
    made = load_config("mkdocs.yml", site_dir=site)
    made.site_url = ADDRESS
    return made

first = config("kept")
first.plugins.on_startup(command="serve", dirty=False)
build(first, serve_url=ADDRESS)
plugin = first.plugins["snippets"]
assert len(plugin.kept.pages) == 4
rendered = []
give = Kept.give
Kept.give = lambda self, page, *rest: (self.hit or rendered.append(page.file.src_uri)) and None or give(self, page, *rest)

def files(site):
    found = pathlib.Path(site)
    return {path.relative_to(found).as_posix(): path.read_bytes() for path in found.rglob("*") if path.is_file()}

def write(name, text):
    path = docs / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")

for name, text, again in EDITS:
    path = pathlib.Path(name) if name == "mkdocs.yml" else docs / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text(path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")
    rendered.clear()
    last = config("kept")
    assert last.plugins["snippets"] is plugin
    build(last, serve_url=ADDRESS)
    assert sorted(rendered) == sorted(again), (name, rendered)
    kept, plugin.kept = plugin.kept, Kept(plugin.warned)
    links, exported, plugin.exported = plugin.links, plugin.exported, {}
    build(config("new"), serve_url=ADDRESS)
    plugin.kept, plugin.exported = kept, exported
    one, two = files("kept"), files("new")
    changing = ("xml.gz", "build.json")  # they say when they were made, and what ran in this very build
    different = [name for name in one.keys() | two.keys() if one.get(name) != two.get(name) and not name.endswith(changing)]
    assert different == [], (name, different)
print("the same")
"""
ALL = ["index.md", "good.md", "lean.md", "reference/glossary.md"]
EDITS = [
    ("good.md", "lambda text: text + 'More words.\\n'", ["good.md"]),
    ("good.md", "lambda text: text.replace('1 + 1', '2 + 3')", ["good.md"]),
    ("good.md", "lambda text: text.replace('# Good', '# Better')", ["good.md"]),
    ("good.md", "lambda text: '---\\ndescription: new\\n---\\n' + text", ["good.md"]),
    ("good.md", "lambda text: text.replace('print', 'prind')", ["good.md"]),  # fails, and is not kept
    ("lean.md", "lambda text: text + 'x\\n'", ["good.md", "lean.md"]),
    ("good.md", "lambda text: text.replace('prind', 'print')", ["good.md"]),
    ("reference/glossary.md", "lambda text: text.replace('How wrong', 'By how much')", ALL),
    ("new.md", "lambda text: '# New\\n'", [*ALL, "new.md"]),
    ("new.md", None, ALL),
    ("mkdocs.yml", "lambda text: text.replace('site_name: Intro', 'site_name: An intro')", ALL),
    ("index.md", "lambda text: text + '$\\\\nope$\\n'", ["index.md"]),  # is refused, and not kept
    ("lean.md", "lambda text: text + 'y\\n'", ["index.md", "lean.md"]),
]


@pytest.fixture
def course(tmp_path) -> Project:
    project = Project(tmp_path)
    project.page("good", "# Good\n\n```python\nprint(1 + 1, 5)\n```\n")
    project.page("lean", LEAN)
    project.page("reference/glossary", GLOSSARY)
    return project


def test_after_every_edit_the_site_is_as_if_built_anew(course):
    edits = "".join(f"    ({name!r}, {text}, {again!r}),\n" for name, text, again in EDITS)
    course.write("builds.py", f"EDITS = [\n{edits}]\n{BUILDS}")
    ran = python_m(course.folder, "builds")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.endswith("the same\n")


def test_search_keeps_the_entries_of_pages_that_stay(course):
    """If Material's search gives its entries another name, nothing is kept of them; then this fails."""
    code = (
        "from mkdocs.config import load_config\n"
        "config = load_config('mkdocs.yml')\nconfig.plugins.on_startup(command='serve', dirty=False)\n"
        "config = config.plugins.on_config(config)\n"
        "from snippets.site.kept import _entries\nprint(_entries(config))\n"
    )
    course.write("entries.py", code)
    assert python_m(course.folder, "entries").stdout.splitlines()[-1] == "[]"

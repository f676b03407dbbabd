"""A small course in which pages were renamed."""

from pathlib import Path

from helpers.project import Project, fence

SETTINGS = """\
site_name: A course
site_url: https://example.org/course/
theme: {name: material, font: false}
nav:
  - index.md
  - part/new.md
  - apart/index.md
plugins:
  - search
  - snippets:
      moved:
        part/old.md: part/new.md
        other/old name.md: part/new.md
        oldest.md: part/new.md
        sections/apart.md: apart/index.md
"""
NEW = "# Now & here\n\n## There\n\n" + fence("40 + 2", title="") + "\nMore.\n" * 200 + "\n## The end\n\nIt ends.\n"
OLD = {"part/old": "part/new", "other/old name": "part/new", "oldest": "part/new", "sections/apart": "apart"}


def renamed(folder: Path, settings: str = SETTINGS) -> Project:
    project = Project(folder)
    project.write("mkdocs.yml", settings)
    project.page("part/new", NEW)
    project.page("apart/index", "# Apart\n\nWords.\n")
    return project


def renamed_and_built(folder: Path) -> Project:
    project = renamed(folder)
    result = project.build("--strict")
    assert result.returncode == 0, result.stdout
    return project

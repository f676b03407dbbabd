"""A course: where its pages, programs, explorables and records lie, and what one page may use."""

from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

SETTINGS = "mkdocs.yml"


class CourseError(Exception):
    """A folder that holds no course, or settings that cannot be read."""


class OtherSiteError(CourseError):
    """A folder that holds a site, but none of ours."""


@dataclass(frozen=True)
class Course:
    """One course; all but `root` and `docs` are options of the MkDocs plugin, of the same names.

    `programs`, `records`, `claims` (records too) and `store` are folders below `root`; `explorables` and `glossary` a folder and a page below
    `docs`; `counted` are the pages on which the build's own figures are filled in, `reference` the folders of pages that
    are looked up and not worked through, `notebooks` pages below `docs` that show another page as a finished notebook,
    `moved` where pages are now, by where they were. `seconds` (of processor time) and `gigabytes` are what one page may
    use, `clock` how many seconds it may take in all.
    """

    root: Path
    docs: Path
    programs: str = "programs"
    records: str = "tests/outputs"
    claims: str = "tests/claims"
    store: str = ".cache/pages"
    explorables: str = "assets/explore"
    glossary: str = ""
    counted: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    notebooks: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    seconds: float = 120.0
    clock: float = 1800.0
    gigabytes: float = 4.0

    @classmethod
    def options(cls) -> dict[str, Any]:
        """The options by name, with their defaults."""
        chosen = [one for one in fields(cls) if one.name not in ("root", "docs")]
        return {one.name: {} if one.default is MISSING else one.default for one in chosen}

    @classmethod
    def read(cls, root: Path) -> "Course":
        """The course of the folder `root`, as its mkdocs.yml sets it; raises CourseError."""
        path = root / SETTINGS
        try:
            settings = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise CourseError(f"{path}: cannot be read: {error}") from None
        plugins = settings.get("plugins") if isinstance(settings, dict) else None
        entries = [*plugins.items()] if isinstance(plugins, dict) else [_entry(plugin) for plugin in plugins or ()]
        given = dict(entries)
        if "snippets" not in given:
            raise OtherSiteError(f"{path}: snippets is not among its plugins")
        chosen = given["snippets"] or {}
        if unknown := [name for name in chosen if name not in cls.options()]:
            known = ", ".join(cls.options())
            raise CourseError(f"{path}: unknown option of snippets: {', '.join(unknown)} (known: {known})")
        return cls.of(root, root / settings.get("docs_dir", "docs"), chosen)

    @classmethod
    def of(cls, root: Path, docs: Path, chosen: dict[str, Any]) -> "Course":
        """The course with these options, lists among them made fast."""
        fast: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in chosen.items()}
        return cls(root, docs, **fast)

    @cached_property
    def known_programs(self) -> dict[str, Path]:
        """The complete programs that a page may show, by file name."""
        return {path.name: path for path in sorted((self.root / self.programs).glob("*.py"))}

    @cached_property
    def known_explorables(self) -> tuple[str, ...]:
        """The explorables, each named by its script; the kit is what they share."""
        scripts = (self.docs / self.explorables).glob("*.js")
        return tuple(sorted(path.stem for path in scripts if path.stem != "kit"))

    def name(self, source: str) -> str:
        """A page's path as people write it, from its path below `docs`."""
        return f"{self.docs.name}/{source}"


class _Loader(yaml.SafeLoader):
    """Reads past the tags that only MkDocs gives a meaning to."""


_Loader.add_multi_constructor("!", lambda *_: None)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def _entry(plugin: Any) -> tuple[str, Any]:
    return next(iter(plugin.items())) if isinstance(plugin, dict) else (plugin, None)

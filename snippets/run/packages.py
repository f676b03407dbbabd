"""The packages that a page can reach: their versions decide what it gives."""

import ast
import platform
import sys
from contextlib import suppress
from functools import cached_property
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from ..pages import Page


class Packages:
    """What is installed; made anew for each build or session, since that may change between two."""

    @cached_property
    def installed(self) -> list[str]:
        """Name and version of all that can be imported, as the folders that hold this are named."""
        found = {f"python-{platform.python_version()}"}
        for folder in sys.path:
            with suppress(OSError):
                found |= {path.name for path in Path(folder).glob("*.*-info") if folder}
        return sorted(found)

    @cached_property
    def _of_module(self) -> dict[str, list[str]]:
        return dict(packages_distributions())

    def used_by(self, page: Page) -> dict[str, str]:
        """The versions of Python and of the packages that the page's own code imports."""
        versions = {"python": platform.python_version()}
        for module in sorted(imports(page)):
            for package in self._of_module.get(module, ()):
                with suppress(PackageNotFoundError):
                    versions[package] = version(package)
        return versions


def imports(page: Page) -> set[str]:
    """The first names of all modules that the page's code imports."""
    found: set[str] = set()
    for block in page.blocks:
        with suppress(SyntaxError):
            for node in ast.walk(ast.parse(block.code)):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.partition(".")[0])
    return found

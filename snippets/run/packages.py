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

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    @cached_property
    def installed(self) -> list[str]:
        """Name and version of all that can be imported, as the folders that hold this are named."""
        found = {f"python-{platform.python_version()}"}
        # `python -m` puts the folder it is called in first, which a page cannot reach: commands must agree whatever it is.
        for folder in {Path(entry).absolute() for entry in sys.path} - {Path.cwd()}:
            with suppress(OSError):
                found |= {path.name for path in folder.glob("*.*-info")}
        return sorted(found)

    def used_by(self, page: Page) -> dict[str, str]:
        """The versions of Python and of the packages that the page's own code imports."""
        versions = {"python": platform.python_version()}
        for module in sorted(imports(page) - sys.stdlib_module_names):
            versions |= self._providing(module)
        return versions

    def _providing(self, module: str) -> dict[str, str]:
        """The packages that a module of this first name may come from, with their versions."""
        if module not in self._known:
            try:
                self._known[module] = {module: version(module)}  # most are named as their module is
            except PackageNotFoundError:
                packages = packages_distributions().get(module, ())
                self._known[module] = {package: version(package) for package in packages}
        return self._known[module]


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

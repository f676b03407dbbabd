"""What pages give, shown to a person: as HTML, as a notebook, as Markdown."""

from .export import Forms, Site, export, no_notebook, notebook
from .extension import SnippetsExtension
from .html import box, put_back
from .sheet import Claims, RefusedError, Sheet

__all__ = [
    "Claims",
    "Forms",
    "RefusedError",
    "Sheet",
    "Site",
    "SnippetsExtension",
    "box",
    "export",
    "no_notebook",
    "notebook",
    "put_back",
]

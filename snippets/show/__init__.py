"""What pages give, shown to a person: as HTML, as a notebook, as Markdown."""

from .claims import Claims, held_under, other_seeds, runs_of
from .export import Forms, Site, export, no_notebook, notebook
from .extension import SnippetsExtension
from .html import box, put_back
from .sheet import RefusedError, Sheet

__all__ = [
    "Claims",
    "Forms",
    "RefusedError",
    "Sheet",
    "Site",
    "SnippetsExtension",
    "box",
    "export",
    "held_under",
    "no_notebook",
    "notebook",
    "other_seeds",
    "put_back",
    "runs_of",
]

"""What pages give, shown to a person: as HTML, as a notebook, as Markdown."""

from .export import Forms, Site, export, notebook
from .extension import Refused, Sheet, SnippetsExtension
from .html import box, put_back

__all__ = ["Forms", "Refused", "Sheet", "Site", "SnippetsExtension", "box", "export", "notebook", "put_back"]

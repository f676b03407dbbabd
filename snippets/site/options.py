"""The plugin's options, as MkDocs reads and validates them."""

from mkdocs.config import config_options as c
from mkdocs.config.base import Config

from ..pages import Course

_default = Course.options()


class Options(Config):
    """The plugin's options in mkdocs.yml; `snippets.pages.Course` says what each is."""

    programs = c.Type(str, default=_default["programs"])
    records = c.Type(str, default=_default["records"])
    store = c.Type(str, default=_default["store"])
    explorables = c.Type(str, default=_default["explorables"])
    glossary = c.Type(str, default=_default["glossary"])
    counted = c.ListOfItems(c.Type(str), default=list(_default["counted"]))
    notebooks = c.DictOfItems(c.Type(str), default=_default["notebooks"])
    moved = c.DictOfItems(c.Type(str), default=_default["moved"])
    reference = c.ListOfItems(c.Type(str), default=list(_default["reference"]))
    seconds = c.Type((int, float), default=_default["seconds"])
    clock = c.Type((int, float), default=_default["clock"])
    gigabytes = c.Type((int, float), default=_default["gigabytes"])

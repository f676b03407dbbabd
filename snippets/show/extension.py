"""The Markdown extension: shows each block of a page with what it gave, whatever generator renders the page.

A Python fence goes to superfences as markdown-exec documents it (`exec="on"`), and from markdown-exec's table of formatters
to us. A generator that brings no `sheet` gets its pages run one by one as they are rendered.
"""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import markdown_exec
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry
from pymdownx.superfences import SuperFencesBlockPreprocessor, SuperFencesException

from ..pages import Fold, Page
from ..pages.markup import python_fences
from . import tree
from .html import DIFFERS, block_html, plain_html, set_aside
from .sheet import Sheet, alone


class SnippetsExtension(Extension):
    """`sheet` is asked for the sheet of the page that is rendered now, given its Markdown; None leaves the page alone."""

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "sheet": ["", "gives the Sheet of the page that is rendered; by default the page is run"],
            "root": [".", "the folder of mkdocs.yml, where there is no `sheet`"],
        }
        super().__init__(**settings)
        self.sheet: Sheet | None = None
        self.declared = False
        self.shown: set[int] = set()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.registerExtension(self)
        self.md = md
        _add_what_pages_need(md)
        md.preprocessors.register(_Fences(md), "snippets", 28)  # after blank space is made plain, before superfences
        md.treeprocessors.register(_Tree(md), "snippets", 1)  # before links to Markdown files become addresses
        md.treeprocessors.register(_Toolbar(md), "snippets-toolbar", -1)  # after it: its links are addresses already
        md.postprocessors.register(_All(md), "snippets", 0)
        markdown_exec.formatters["python"] = _format

    def begin(self, text: str) -> Sheet | None:
        self.shown = set()
        sheet_of, root = self.getConfig("sheet"), Path(self.getConfig("root"))
        self.sheet = sheet_of(text) if sheet_of else alone(root, _path_in_zensical(self.md), text)
        return self.sheet

    def block(self, index: int) -> str:
        """One block of the page, as HTML."""
        assert self.sheet
        page, result = self.sheet.page, self.sheet.result
        html = block_html(page, index, result, self._highlighted(page, index), self.sheet.claims.get(index, []))
        if index in self.sheet.differs:
            html += DIFFERS
        self.shown.add(index)
        if self.sheet.aside is None:
            return html
        self.sheet.aside.append(html)
        return set_aside(len(self.sheet.aside) - 1, plain_html(page, index, result))

    def _highlighted(self, page: Page, index: int) -> str:
        block = page.blocks[index]
        if block.hidden:
            return ""
        options = {key: block.attributes[key] for key in ("title", "hl_lines") if key in block.attributes}
        if block.program:
            options.setdefault("title", block.attributes["program"])
        fences: Any = self.md.preprocessors["fenced_code_block"]
        return fences.highlight(
            src=block.code, language="python", options=options, md=self.md, classes=[], id_value="", attrs={}
        )


def _extension(md: Markdown | None) -> SnippetsExtension | None:
    return next((one for one in (md.registeredExtensions if md else ()) if isinstance(one, SnippetsExtension)), None)


def _sheet(md: Markdown | None) -> Sheet | None:
    return extension.sheet if (extension := _extension(md)) else None


def _format(*, code: str, md: Markdown, id: str, **_: Any) -> str:
    """A fence that markdown-exec was asked to run."""
    extension = _extension(md)
    if extension is None or extension.sheet is None:
        raise SuperFencesException("a Python fence with exec= on a page that snippets does not run")
    try:
        return extension.block(int(id))
    except Exception as error:  # superfences would swallow any other, and leave the block out
        page = extension.sheet.page
        line = page.blocks[int(id)].line if id.isdigit() else 1
        message = f"{page.name}:{line}: this block cannot be shown: {type(error).__name__}: {error}"
        raise SuperFencesException(message) from error


def _send(src: str = "", language: str = "", class_name: str = "", *, options: dict, md: Markdown, **rest: Any) -> str:
    return markdown_exec.formatter(src, language, class_name, options, md, **rest)


def _validate(language: str, inputs: dict, options: dict, attrs: dict, md: Markdown) -> bool:
    if "exec" not in inputs:
        raise SuperFencesException("a Python fence that snippets has not run: is it written by another plugin?")
    _named(md.preprocessors, "fenced_code_block").get_hl_settings()
    return markdown_exec.validator(language, inputs, options, attrs, md)


class _Fences(Preprocessor):
    """Sends each Python fence to markdown-exec, with its block's number, and its words to nobody."""

    def run(self, lines: list[str]) -> list[str]:
        text, extension = "\n".join(lines), _extension(self.md)
        if extension is None or (sheet := extension.begin(text)) is None:
            return lines
        if not extension.declared:
            _declare(self.md)
            extension.declared = True
        page, found = sheet.page, python_fences(text)
        changed = [block for n, block in enumerate(page.blocks) if n >= len(found) or found[n][1] != block.source]
        if changed or len(found) > len(page.blocks):
            sheet.refuse(
                f"{page.name}:{changed[0].line}: the rendered page and the page that ran differ here"
                if changed
                else f"{page.name}: a Python fence was added after the page had run:\n{found[-1][1]}"
            )
            extension.sheet = None
            return ["This page has changed since it ran."]
        for number, (line, _) in enumerate(found):
            lines[line] = f'```python exec="on" id="{number}"'
        return lines


class _Tree(Treeprocessor):
    def run(self, root: Element) -> None:
        if (sheet := _sheet(self.md)) is None:
            return
        for message in tree.mend(root, sheet.page, sheet.meanings):
            sheet.refuse(message)


class _Toolbar(Treeprocessor):
    def run(self, root: Element) -> None:
        if (sheet := _sheet(self.md)) and sheet.toolbar is not None:
            tree.put_under_title(root, sheet.toolbar)


class _All(Postprocessor):
    """Refuses a page on which a block did not come out."""

    def run(self, text: str) -> str:
        if (extension := _extension(self.md)) and (sheet := extension.sheet):
            for number, block in enumerate(sheet.page.blocks):
                if number not in extension.shown:
                    sheet.refuse(f"{sheet.page.name}:{block.line}: this block did not come out on the rendered page")
        return text


def _add_what_pages_need(md: Markdown) -> None:
    """Fences, folds and formulas, unless the site has brought them with settings of its own."""
    if not isinstance(_named(md.preprocessors, "fenced_code_block"), SuperFencesBlockPreprocessor):
        md.registerExtensions(["pymdownx.superfences"], {})
    folds = _named(md.parser.blockprocessors, "blocks")
    known = folds.blocks if folds else {}
    if "details" not in known:
        types = [Fold.RIGHT.value, Fold.WRONG.value]
        md.registerExtensions(["pymdownx.blocks.details"], {"pymdownx.blocks.details": {"types": types}})
    if Fold.QUESTION not in known:
        types = [Fold.NOTE.value, Fold.QUESTION.value, Fold.PREDICT.value]
        md.registerExtensions(["pymdownx.blocks.admonition"], {"pymdownx.blocks.admonition": {"types": types}})
    if "arithmatex-inline" not in md.inlinePatterns:
        md.registerExtensions(["pymdownx.arithmatex"], {"pymdownx.arithmatex": {"generic": True}})


def _declare(md: Any) -> None:
    """Have superfences send Python fences to markdown-exec: the last word, whatever other extensions declared."""
    _named(md.preprocessors, "fenced_code_block").extension.extend_super_fences(
        "python", _send, _validate, lambda _: None
    )


def _path_in_zensical(md: Markdown) -> str:
    """The page's path as Zensical passes it to extensions; empty elsewhere."""
    context = _named(md.preprocessors, "rendering_context")
    return getattr(getattr(context, "page", None), "path", "")


def _named(registry: Registry, name: str) -> Any:
    """What is registered by that name; None if nothing is (a registry has no `get`)."""
    return registry[name] if name in registry else None  # noqa: SIM401


def makeExtension(**settings: Any) -> SnippetsExtension:  # noqa: N802 - Python-Markdown's name
    return SnippetsExtension(**settings)

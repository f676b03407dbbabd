"""Shows a page's blocks: the superfences validator and formatter, on markdown-exec's, for ```python fences."""

import re
from html import escape
from typing import Any

import markdown_exec
from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from .output import Output, Result
from .page import ATTRIBUTES, PROGRAMS, WORDS, Block, Page

_HEAVY = re.compile(r'(?<=<figure class="plot">)<svg .*?</svg>|<pre><span></span><code>.*?</code></pre>', re.S)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Fences:
    """Gives each fence of the page being rendered the output of its block, in order."""

    def __init__(self) -> None:
        self.page: Page | None = None
        self.highlighted: dict[tuple[str, ...], str] = {}  # nested Markdown is slow, and most blocks stay as they are

    def begin(self, page: Page, result: Result) -> None:
        self.page, self.result, self.next = page, result, 0

    def end(self) -> None:
        """Raises SuperFencesException unless every block of the page was shown."""
        page, self.page = self.page, None
        if page and self.next != len(page.blocks):
            at = page.blocks[self.next].line
            raise SuperFencesException(f"{page.name}:{at}: this block did not come out on the rendered page")

    def validate(self, language: str, inputs: dict, options: dict, attrs: dict, md: Markdown) -> bool:
        """Take the fence unless it is the source of one of our own blocks, being highlighted."""
        if hasattr(md, "_original_md"):
            return False
        if self.page is None:
            return False
        unknown = [key for key in inputs if key not in (*WORDS, *ATTRIBUTES)]
        if unknown:
            raise SuperFencesException(f"{self.page.name}: unknown words on a fence: {' '.join(unknown)}")
        shown = {key: value for key, value in inputs.items() if key in ("title", "hl_lines")}
        return markdown_exec.validator(
            language, {"exec": "on", "html": "on", "source": "above", "updatetoc": "off", **shown}, options, attrs, md
        )

    def format(self, source: str, language: str, css_class: str, options: dict, md: Markdown, **_: Any) -> str:
        """The block and its output as HTML; raises SuperFencesException if the fence is not the page's next block."""
        if self.page is None:
            raise SuperFencesException("a fence outside of a page")
        index, self.next = self.next, self.next + 1
        block = self.page.blocks[index] if index < len(self.page.blocks) else None
        if block is None or block.source != source.strip("\n"):
            at = block.line if block else self.page.blocks[-1].line if self.page.blocks else 1
            raise SuperFencesException(
                f"{self.page.name}:{at}: the rendered page and the run page differ here:\n{source}"
            )
        return self._html(index, block, options, md)

    def _html(self, index: int, block: Block, options: dict, md: Markdown) -> str:
        failure = self.result.failure
        if index < len(self.result.outputs):
            output = html(self.result.outputs[index])
        elif failure and index == len(self.result.outputs):
            assert self.page
            output = box(f"{self.page.name}:{failure.line}: this block failed", failure.message)
        else:
            output = box("Not run", "A block above it failed.")
        if block.word == "check" and index < len(self.result.outputs):
            return (
                explorable(block.attributes["explore"], self.result.outputs[index])
                if "explore" in block.attributes
                else ""
            )
        source = self._source(block, options, md)
        if block.word == "fold":
            source = fold("Show the code", source)
        return snippet(source, output, block.word, "program" * ("program" in block.attributes))

    def _source(self, block: Block, options: dict, md: Markdown) -> str:
        source, extra = block.source, options["extra"]
        if program := block.attributes.get("program"):
            source, extra = (PROGRAMS / program).read_text("utf-8").rstrip(), {"title": program, **extra}
        key = (source, *sorted(map("=".join, extra.items())))
        if key not in self.highlighted:
            shown = {**options, "extra": extra}
            # The output is added by us: markdown-exec drops the title of a block that it gives an output.
            html = markdown_exec.base_format(language="python", run=lambda *_, **__: "", code=source, md=md, **shown)
            self.highlighted[key] = re.sub(r'<div class="[0-9a-f-]{36}"></div>', "", str(html)).strip()
        return self.highlighted[key]


def snippet(source: str, output: str, *classes: str) -> str:
    """A block's highlighted source and, under it, what it gave."""
    result = f'<div class="result">{output}</div>' if output else ""
    return f'<div class="{" ".join(filter(None, ("snippet", *classes)))}">{source}{result}</div>'


def explorable(name: str, output: Output) -> str:
    """The place for an explorable, which a script fills, with the numbers that the page computed for it."""
    data = "".join(part.text for part in output).replace("<", "\\u003c")
    return f'<div class="explore" data-explore="{name}"><script type="application/json">{data}</script></div>'


def fold(summary: str, html: str) -> str:
    return f'<details class="fold"><summary>{summary}</summary>{html}</details>'


def html(output: Output) -> str:
    """An output as HTML; text that looks like HTML is shown, not interpreted."""
    shown: list[str] = []
    written = ""
    for part in [*output, None]:
        if part is not None and part.kind in ("text", "value"):
            if written and not written.endswith("\n"):
                written += "\n"
            written += part.text
            continue
        if written.strip("\n"):
            shown.append(pre("output", written))
        written = ""
        if part is not None:
            shown.append(plot(part.svg) if part.kind == "figure" else pre(f"output {part.kind}", part.text))
    return "".join(shown)


def pre(classes: str, text: str) -> str:
    """Text as it was written, set apart by `classes`."""
    text = plain(text).rstrip()
    lines = text.split("\n")
    # What may scroll on a phone can be reached, and so scrolled, by keyboard.
    scrolls = ' tabindex="0"' if len(lines) > 24 or max(map(len, lines)) > 26 else ""
    return f'<pre class="{classes}"{scrolls}><samp>{escape(text)}</samp></pre>'


def plain(text: str) -> str:
    """`text` with control characters spelled out, since HTML has no place for them."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def plot(drawing: str) -> str:
    return f'<figure class="plot">{drawing}</figure>'


def set_aside(html: str) -> tuple[str, list[str]]:
    """`html` with plain text in the place of colored code and nothing in that of drawings, and what stood there.

    What reads a page between its rendering and its writing, as the search does, takes long over tens of thousands of
    colored words, and would find the numbers at the axes of drawings.
    """
    kept: list[str] = []

    def lighten(found: re.Match[str]) -> str:
        kept.append(found[0])
        text = "" if found[0].startswith("<svg") else re.sub("</?span[^>]*>", "", found[0])
        return f"<!--aside {len(kept) - 1}-->{text}<!--end-->"

    return _HEAVY.sub(lighten, html), kept


def put_back(html: str, kept: list[str]) -> str:
    return re.sub(r"<!--aside (\d+)-->.*?<!--end-->", lambda mark: kept[int(mark[1])], html, flags=re.S)


def box(title: str, message: str) -> str:
    return (
        f'<div class="admonition failure"><p class="admonition-title">{escape(title)}</p>{pre("output", message)}</div>'
    )

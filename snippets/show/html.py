"""A block and its output as HTML; text that looks like HTML is shown, not interpreted."""

from html import escape

from ..pages import Block, Page, Word
from ..pages.block import SOLUTION
from ..run import Kind, Output, Result
from ..run.svg import with_ids
from .claims import Claimed, Runs, held_under

WIDE = 26  # characters of output that a phone shows
LONG = 24  # lines of output that are shown without scrolling
DIFFERS = '<p class="differs">This output is not the one on record. The terminal says how they differ.</p>'
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127) if chr(code) not in "\t\n"}


def block_html(page: Page, index: int, result: Result, source: str, claims: Claimed) -> str:
    """One block as its page shows it; `source` is its code, highlighted, `claims` what it was seen to claim."""
    block = page.blocks[index]
    failed = index >= len(result.outputs)
    if block.hidden and not failed:
        return _explorable(block, result.outputs[index]) if "explore" in block.attributes else _claimed(claims)
    if block.word == Word.FOLD:
        source = _fold("Show the code", source)
    elif SOLUTION in block.tags:
        source = _fold("Show a solution", source)
    classes = ("snippet", block.word, "program" if block.program else "")
    shown = _failed(page, index, result) if failed else output_html(result.outputs[index], prefix(page, index))
    return _div(classes, source + (_div(("result",), shown) if shown else ""))


def plain_html(page: Page, index: int, result: Result) -> str:
    """The same for whoever reads words only, as a search does: no color and no drawing."""
    block = page.blocks[index]
    if block.hidden and index < len(result.outputs):
        return ""
    output = result.outputs[index] if index < len(result.outputs) else ()
    said = "\n".join(part.text for part in output if part.kind not in (Kind.FIGURE, Kind.DATA))
    return f"<pre><code>{escape(block.code)}</code></pre>" + (f"<pre>{escape(said)}</pre>" if said else "")


def set_aside(number: int, plain: str) -> str:
    """The place of a block that `put_back` fills; until then `plain` stands there.

    What reads a page between its rendering and its writing, as the search does, takes long over tens of thousands of
    colored words.
    """
    return f"{_start(number)}{plain}{_END}"


def put_back(html: str, blocks: list[str]) -> str:
    """`html` with each of the blocks in its place; raises LookupError with the number of one that has none."""
    pieces = []
    for number, block in enumerate(blocks):
        before, start, rest = html.partition(_start(number))
        _, end, after = rest.partition(_END)
        if not start or not end:
            raise LookupError(number)
        pieces += [before, block]
        html = after
    return "".join([*pieces, html])


def _start(number: int) -> str:
    return f"<!--snippet {number}-->"


_END = "<!--end of snippet-->"


def prefix(page: Page, index: int) -> str:
    """What the ids in the drawings of a block begin with, so that no two of a site are the same."""
    return f"{page.key.replace('/', '-')}-{index + 1}"


def output_html(output: Output, ids: str) -> str:
    """An output as HTML; the ids in its drawings begin with `ids`."""
    shown: list[str] = []
    written = ""
    for number, part in enumerate([*output, None]):
        if part is not None and part.kind in (Kind.TEXT, Kind.VALUE):
            if written and not written.endswith("\n"):
                written += "\n"
            written += part.text
            continue
        if written.strip("\n"):
            shown.append(pre(("output",), written))
        written = ""
        if part is not None and part.kind == Kind.FIGURE:
            shown.append(f'<figure class="plot">{with_ids(part.svg, f"{ids}-{number + 1}")}</figure>')
        elif part is not None:
            shown.append(pre(("output", part.kind), part.text))
    return "".join(shown)


def pre(classes: tuple[str, ...], text: str) -> str:
    """Text as it was written, set apart by `classes`; control characters are spelled out, since HTML has no place for them."""
    text = text.translate(_CONTROL).rstrip()
    lines = text.split("\n")
    # What may scroll on a phone can be reached, and so scrolled, by keyboard.
    scrolls = ' tabindex="0"' if len(lines) > LONG or max(map(len, lines)) > WIDE else ""
    return f'<pre class="{" ".join(classes)}"{scrolls}><samp>{escape(text)}</samp></pre>'


def box(title: str, message: str) -> str:
    """What stands where something could not be shown."""
    head = f'<p class="admonition-title">{escape(title)}</p>'
    return _div(("admonition", "failure"), head + pre(("output",), message))


def _failed(page: Page, index: int, result: Result) -> str:
    failure = result.failure
    if failure and index == len(result.outputs):
        return box(f"{page.name}:{failure.line}: this block failed", failure.message)
    return box("Not run", "A block above it failed.")


def _claimed(claims: Claimed) -> str:
    """A mark that opens what the sentence before it rests on."""
    if not claims:
        return ""
    rows = "".join(f"<p><code>{escape(wording)}</code></p><ul>{_runs(runs)}</ul>" for wording, runs in claims)
    return f'<details class="claim"><summary>{held_under(claims[0][1])}</summary>{rows}</details>'


def _runs(runs: Runs) -> str:
    return "".join(f"<li>{escape(name)}: <code>{escape(words)}</code></li>" for name, words in runs.items())


def _explorable(block: Block, output: Output) -> str:
    """The place for an explorable, which its script fills, with the numbers that the page computed for it."""
    data = "".join(part.text for part in output).replace("<", "\\u003c")
    name = escape(block.attributes["explore"])
    return f'<div class="explore" data-explore="{name}"><script type="application/json">{data}</script></div>'


def _fold(summary: str, html: str) -> str:
    return f'<details class="fold"><summary>{summary}</summary>{html}</details>'


def _div(classes: tuple[str, ...], html: str) -> str:
    return f'<div class="{" ".join(filter(None, classes))}">{html}</div>'

"""What a block may not show, since it would be something else in every run."""

import re
from collections.abc import Iterable

from .output import Kind, Part

_ADDRESS = re.compile(r"<[^<>\n]*\bat 0x[0-9a-fA-F]{6,}[^<>\n]*>")


def why_it_changes(parts: Iterable[Part], folder: str) -> str:
    """What to tell the author of a block that gave these parts in the page's own folder; empty if nothing stands against it."""
    for part in parts:
        if folder in part.text:
            shown = "" if part.kind == Kind.TEXT else f": {part.text}"  # text is quoted in any case
            return f"it shows where it runs, a folder that has another name every time{shown}"
        if (address := _ADDRESS.search(part.text)) and part.kind == Kind.VALUE:
            return (
                f"its last expression is shown, and that is an object with an address, which changes from run to run: "
                f"{address[0]}\nEnd a block that draws with plt.show(); write _ = … before what is not to be shown."
            )
        if address:
            return f"it shows an object's address, which changes from run to run: {address[0]}"
    return ""

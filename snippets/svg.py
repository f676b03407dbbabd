"""Makes a drawing that matplotlib wrote as an SVG file part of a page."""

import re
from html import escape
from typing import Any

# Text stays text (small, searchable, in the page's font), nothing is painted behind a figure, and
# the same figure gives the same bytes every time.
SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "snippets",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.facecolor": "none",
    "legend.framealpha": 0.0,
    "savefig.facecolor": "none",
    "path.simplify_threshold": 0.5,
}


def inline(svg: str, prefix: str, alt: str) -> str:
    """The `<svg>` element alone: no header or metadata, ids that start with `prefix`, black in the text's color."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<defs>\s*<style.*?</defs>", "", svg, flags=re.S)
    svg = re.sub(r"<[^>]+>", lambda tag: _slim(tag[0]), svg)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{prefix}-", svg)
    svg = svg.replace("#000000", "currentColor")
    # A text that does not name a color is black: it takes the page's. What matplotlib styles for all, the root says.
    root = f'<svg role="img" aria-label="{escape(alt)}" fill="currentColor" stroke-linejoin="round"'
    svg = re.sub("<svg", lambda _: root, svg, count=1)
    return re.sub(r"\s*\n\s*", "\n", svg).strip()


def _slim(tag: str) -> str:
    """A tag without what a page has no use for: namespaces, fonts, group names, a third decimal."""
    tag = re.sub(r' xmlns(:xlink)?="[^"]*"| transform="rotate\(-?0 [^"]*"', "", tag).replace("xlink:href", "href")
    tag = re.sub(r"font-family: [^;\"]*;? ?", "", tag)
    if tag.startswith("<g "):
        tag = re.sub(r' id="[^"]*"', "", tag)
    return tag if "base64" in tag else re.sub(r"(\d\.\d\d)\d+", r"\1", tag)

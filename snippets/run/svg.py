"""Makes a drawing that matplotlib wrote as an SVG file part of a page."""

import re
from xml.etree import ElementTree

# Stands before each id until the drawing is shown, when the page and place put theirs there.
PREFIX = "\ue000"
BLACK = "#000000"
_PAINT = ("fill", "stroke", "style", "color", "stop-color")
_REFERENCES = ("href", "clip-path", "mask", "fill", "stroke", "style", "marker-mid", "marker-start", "marker-end")
_THIRD_DECIMAL = re.compile(r"(\d\.\d\d)\d+")
_FONT = re.compile(r"font-family: [^;]*;? ?")
_STILL = re.compile(r"rotate\(-?0 [^)]*\)")


def inline(svg: str, alt: str) -> str:
    """The `<svg>` element alone: no header or metadata, ids that begin with PREFIX, black in the text's color."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if _name(child.tag) in ("metadata", "style") or (_name(child.tag) == "defs" and _only_style(child)):
                parent.remove(child)
    for element in root.iter():
        element.tag = _name(element.tag)
        # The line breaks between elements weigh; those within a text are its own.
        element.tail = "\n"
        if element.text and not element.text.strip():
            element.text = None
        attributes = {_name(key): value for key, value in element.attrib.items()}
        element.attrib.clear()
        element.attrib.update(_slim(element.tag, attributes))
    # A text that does not name a color is black: it takes the page's. What matplotlib styles for all, the root says.
    rest = {key: value for key, value in root.attrib.items() if key != "version"}
    root.attrib.clear()
    root.attrib.update({"role": "img", "aria-label": alt, "fill": "currentColor", "stroke-linejoin": "round", **rest})
    return ElementTree.tostring(root, encoding="unicode").strip()


def with_ids(svg: str, prefix: str) -> str:
    """A drawing that `inline` made, its ids set apart from all others of its page by `prefix`."""
    return svg.replace(PREFIX, f"{prefix}-")


def _name(qualified: str) -> str:
    return qualified.rpartition("}")[2]


def _only_style(defs: ElementTree.Element) -> bool:
    return all(_name(child.tag) == "style" for child in defs)


def _slim(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """Attributes without what a page has no use for: fonts, group names, a rotation by nothing, a third decimal."""
    kept: dict[str, str] = {}
    for key, value in attributes.items():
        if key == "id":
            if tag == "g":
                continue
            value = PREFIX + value
        if key in _REFERENCES:
            value = value.replace("url(#", f"url(#{PREFIX}")
            value = f"#{PREFIX}{value[1:]}" if key == "href" and value.startswith("#") else value
        if key in _PAINT:
            value = value.replace(BLACK, "currentColor")
        if key == "style":
            value = _FONT.sub("", value)
        if key == "transform":
            value = _STILL.sub("", value).strip()
        if not (key == "href" and value.startswith("data:")) and key not in ("id", "aria-label"):
            value = _THIRD_DECIMAL.sub(r"\1", value)
        if value:
            kept[key] = " ".join(value.split()) if key == "d" else value
    return kept

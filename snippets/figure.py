"""matplotlib figures: drawn as inline SVG in the page's colors, and put into words for the record."""

import io
import math
from collections.abc import Iterator

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryLocator
from matplotlib.collections import Collection, PathCollection
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator

from .output import Part
from .svg import SETTINGS, inline

POINTS = 24  # how many points of a curve the record keeps
MANY = 100  # as many numbers have a mean that is worth a digit more


def set_up() -> None:
    """Give matplotlib its defaults and our drawing settings; figures are never shown in a window."""
    matplotlib.use("agg", force=True)
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)


def take(prefix: str, alt: str) -> list[Part]:
    """Draw and close all open figures, oldest first; element ids in the drawings start with `prefix`."""
    parts: list[Part] = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        svg = to_svg(figure, f"{prefix}-{len(parts) + 1}", alt)
        parts.append(Part("figure", alt, svg, describe(figure)))
    plt.close("all")
    return parts


def to_svg(figure: Figure, prefix: str, alt: str) -> str:
    """The figure as an `<svg>` element, the same bytes every time."""
    file = io.StringIO()
    figure.savefig(file, format="svg", bbox_inches="tight", pad_inches=0.05, metadata={"Date": None})
    return inline(file.getvalue(), prefix, alt)


def describe(figure: Figure) -> str:
    """The figure's size, labels, limits and plotted numbers, rounded, a line each: what a reviewer compares."""
    width, height = figure.get_size_inches()
    return "\n".join([f"{width:.1f} by {height:.1f} inches", *(line for axes in figure.axes for line in _axes(axes))])


def _axes(axes: Axes) -> Iterator[str]:
    yield "axes " + " | ".join(filter(None, [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]))
    for name, axis, (start, end) in (("x", axes.xaxis, axes.get_xlim()), ("y", axes.yaxis, axes.get_ylim())):
        form = _form(np.array([start, end]))
        yield f"  {name} from {start:{form}} to {end:{form}}"
        if isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator) and len(axis.get_ticklocs()):
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            yield f"  {name} ticks " + ", ".join(f"{place:g}: {label.get_text()}" for place, label in ticks)
    for text in axes.texts:
        yield f"  text {_place(axes, text)}{text.get_text()}".replace("\n", " ")
    legend = axes.get_legend()
    for text in legend.get_texts() if legend else []:
        yield f"  legend {text.get_text()}".replace("\n", " ")
    for line in axes.lines:
        yield from _numbers("line x", line.get_xdata(orig=False))
        yield from _numbers("line y", line.get_ydata(orig=False))
    for patch in axes.patches:
        yield from _numbers("patch", patch.get_path().transformed(patch.get_patch_transform()).vertices)
    for collection in axes.collections:
        yield from _collection(collection)
    for image in axes.images:
        yield from _numbers("image", image.get_array())


def _collection(collection: Collection) -> Iterator[str]:
    if isinstance(collection, PathCollection):
        yield from _numbers("points", collection.get_offsets())
    elif isinstance(collection, ContourSet):
        # A border that a network learned runs a little differently on each processor: how far it reaches is enough.
        yield from _numbers("contour at", collection.levels)
        for level, path in zip(np.asarray(collection.levels), collection.get_paths(), strict=False):
            vertices = np.asarray(path.vertices)
            if len(vertices):
                places = collection.axes.transAxes.inverted().transform(collection.axes.transData.transform(vertices))
                (left, bottom), (right, top) = places.min(axis=0), places.max(axis=0)
                yield f"  contour {level:g} from {left:.1f} {bottom:.1f} to {right:.1f} {top:.1f} of the axes"
    else:
        for path in collection.get_paths():
            yield from _numbers("path", path.vertices)
    if collection.get_array() is not None:
        yield from _numbers("colors", collection.get_array())


def _place(axes: Axes, text: Text) -> str:
    """Where a text stands, in shares of the axes' width and height, if it stands at a place in the data."""
    point = text.xy if isinstance(text, Annotation) else text.get_unitless_position()
    if text.get_transform() is not axes.transData and getattr(text, "xycoords", "") != "data":
        return ""
    x, y = axes.transAxes.inverted().transform(axes.transData.transform(point))
    return f"at {x:.2f} {y:.2f}: "


def _numbers(what: str, data: object) -> Iterator[str]:
    """How many numbers, their mean, and some of them."""
    values: np.ndarray = np.ma.filled(np.ma.asarray(data, dtype=float), np.nan).ravel()
    finite = values[np.isfinite(values)]
    form = _form(finite)
    chosen = values[np.unique(np.linspace(0, len(values) - 1, min(POINTS, len(values))).astype(int))]
    mean = float(finite.mean()) if len(finite) else math.nan
    shown = " ".join(f"{value:{form}}" for value in chosen)
    # A mean of many differs less between processors than they do.
    yield f"  {what} {len(values)} numbers, mean {mean:{_form(finite, int(len(finite) >= MANY))}}: {shown}"


def _form(values: np.ndarray, more: int = 0) -> str:
    """The format whose last digit is worth between 0.5 and 5 percent of the largest of `values`; or `more` digits.

    No finer, since a picture of training differs by about that between processors.
    """
    largest = float(np.abs(values).max(initial=0.0))
    decimals = max(1, math.ceil(math.log10(19 / largest))) if largest else 1
    return f".{1 + more}e" if largest >= 100 else f".{decimals + more}f"

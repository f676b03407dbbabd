"""Puts figures and explorables' data into words, for the record: what a reviewer reads and the check compares."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a plain Python imports these only where its page does
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection
    from matplotlib.figure import Figure
    from matplotlib.text import Text

POINTS = 24  # how many points of a curve the record keeps
TRAINED = -1  # digits more for an explorable's data: where a network is unsure, its answers differ between processors
MANY = 100  # as many numbers have a mean that is worth a digit more


def figure_in_words(figure: "Figure") -> str:
    """The figure's size, labels, limits, colors and plotted numbers, rounded, a line each: what a reviewer compares."""
    width, height = figure.get_size_inches()
    lines = [f"{width:.1f} by {height:.1f} inches"]
    for what, text in (
        ("title", figure.get_suptitle()),
        ("x label", figure.get_supxlabel()),
        ("y label", figure.get_supylabel()),
    ):
        lines += [f"{what} of all {text}".replace("\n", " ")] * bool(text)
    for legend in figure.legends:
        lines += _legend(legend)
    return "\n".join([*lines, *(line for axes in figure.axes for line in _axes(axes))])


def data_in_words(data: Any, place: str = "data") -> str:
    """JSON as lines: each list of numbers by its place, rounded, and each word as it is."""
    return "\n".join(_data(data, place))


def _data(data: Any, place: str) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _data(value, f"{place}.{key}")
    elif isinstance(data, list) and (numbers := _flat(data)) is not None:
        yield from _numbers(place, numbers, TRAINED)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _data(value, f"{place}.{number}")
    elif isinstance(data, float):
        yield from _numbers(place, [data], TRAINED)
    else:
        yield f"  {place} {data}"


def _flat(data: list[Any]) -> list[float] | None:
    """The numbers in a list of lists of numbers, in order; None if there is anything else."""
    found: list[float] = []
    for value in data:
        inner = _flat(value) if isinstance(value, list) else [value]
        if inner is None or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in inner):
            return None
        found += inner
    return found


def _axes(axes: "Axes") -> Iterator[str]:
    import numpy as np
    from matplotlib.category import StrCategoryLocator
    from matplotlib.ticker import FixedLocator

    titles = filter(None, [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()])
    yield ("axes " + " | ".join(titles)).replace("\n", " ")
    for name, axis, (start, end) in (("x", axes.xaxis, axes.get_xlim()), ("y", axes.yaxis, axes.get_ylim())):
        form = _form(np.array([start, end]))
        yield f"  {name} from {start:{form}} to {end:{form}}"
        if isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator) and len(axis.get_ticklocs()):
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            shown = ", ".join(f"{place:g}: {label.get_text()}" for place, label in ticks)
            yield f"  {name} ticks {shown}".replace("\n", " ")
    for text in axes.texts:
        yield f"  text {_place(axes, text)}{text.get_text()}{_unless_black(text.get_color())}".replace("\n", " ")
    if legend := axes.get_legend():
        yield from _legend(legend)
    for line in axes.lines:
        style = f"{_hex(line.get_color())} {line.get_linestyle()} {_marker(line.get_marker())}".strip()
        yield from _numbers(f"line {style} x", line.get_xdata(orig=False))
        yield from _numbers("line y", line.get_ydata(orig=False))
    for patch in axes.patches:
        color = _hex(patch.get_facecolor())
        yield from _numbers(f"patch {color}", patch.get_path().transformed(patch.get_patch_transform()).vertices)
    for collection in axes.collections:
        yield from _collection(collection)
    for image in axes.images:
        yield from _numbers(f"image {image.get_cmap().name}", image.get_array())


def _collection(collection: "Collection") -> Iterator[str]:
    import numpy as np
    from matplotlib.collections import PathCollection
    from matplotlib.contour import ContourSet

    if collection.get_array() is None:
        painted = [*collection.get_facecolor()] or [*collection.get_edgecolor()]
        yield "  painted " + " ".join(dict.fromkeys(_hex(color) for color in painted))
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
        yield from _numbers(f"colors {collection.get_cmap().name}", collection.get_array())


def _legend(legend: Any) -> Iterator[str]:
    for text in legend.get_texts():
        yield f"  legend {text.get_text()}".replace("\n", " ")


def _place(axes: "Axes", text: "Text") -> str:
    """Where a text stands, in shares of the axes' width and height, if it stands at a place in the data."""
    point = getattr(text, "xy", None) or text.get_unitless_position()
    if text.get_transform() is not axes.transData and getattr(text, "xycoords", "") != "data":
        return ""
    x, y = axes.transAxes.inverted().transform(axes.transData.transform(point))
    return f"at {x:.2f} {y:.2f}: "


def _hex(color: Any) -> str:
    from matplotlib.colors import to_hex

    return to_hex(color, keep_alpha=len(color) == 4 and not isinstance(color, str) and color[3] != 1)


def _unless_black(color: Any) -> str:
    return "" if _hex(color) == "#000000" else f" in {_hex(color)}"


def _marker(marker: Any) -> str:
    return "" if str(marker).lower() in ("none", "", " ") else str(marker)


def _numbers(what: str, data: Any, more: int = 0) -> Iterator[str]:
    """How many numbers, their mean, and some of them, with `more` digits than in a picture."""
    import numpy as np

    values: np.ndarray = np.ma.filled(np.ma.asarray(data, dtype=float), np.nan).ravel()
    finite = values[np.isfinite(values)]
    form = _form(finite, more)
    chosen = values[np.unique(np.linspace(0, len(values) - 1, min(POINTS, len(values))).astype(int))]
    mean = float(finite.mean()) if len(finite) else math.nan
    shown = " ".join(f"{value:{form}}" for value in chosen)
    # A mean of many differs less between processors than they do.
    yield f"  {what} {len(values)} numbers, mean {mean:{_form(finite, more + (len(finite) >= MANY))}}: {shown}"


def _form(values: "np.ndarray", more: int = 0) -> str:
    """The format whose last digit is worth between 0.5 and 5 percent of the largest of `values`; or `more` digits.

    No finer, since a picture of training differs by about that between processors.
    """
    largest = float(abs(values).max(initial=0.0))
    decimals = max(1, math.ceil(math.log10(19 / largest))) if largest else 1
    return f".{max(0, 1 + more)}e" if largest >= 100 else f".{max(1, decimals + more)}f"

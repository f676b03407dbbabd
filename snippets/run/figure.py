"""matplotlib's figures: made to draw as the site wants them, taken when a block has drawn them.

It imports matplotlib only where the page did so, since a plain Python would not have it either.
"""

import importlib
import io
import os
import sys
import types
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .describe import figure_in_words
from .output import Kind, Part
from .svg import inline

BACKEND = "snippets_page"
# Text stays text (small, searchable, in the page's font), nothing is painted behind a figure, and
# the same figure gives the same bytes every time.
SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "snippets",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.facecolor": "none",
    "legend.framealpha": 0.0,
    "savefig.facecolor": "none",
    "path.simplify_threshold": 0.5,
}


def set_up(folder: Path) -> None:
    """Have matplotlib draw by our backend and settings, whenever it is imported; `folder` takes its settings file."""
    backend = types.ModuleType(BACKEND)

    def fill(name: str) -> Any:
        """matplotlib's own backend for pictures, taken over when matplotlib first asks for something of it."""
        agg = vars(importlib.import_module("matplotlib.backends.backend_agg"))
        backend.__dict__.update({key: value for key, value in agg.items() if key not in ("show", *backend.__dict__)})
        if name not in backend.__dict__:
            raise AttributeError(name)
        return backend.__dict__[name]

    backend.__dict__["__getattr__"] = fill
    sys.modules[BACKEND] = backend
    settings = {"backend": f"module://{BACKEND}", **SETTINGS}
    file = folder / "matplotlibrc"
    file.write_text("\n".join(f"{key}: {value}" for key, value in settings.items()) + "\n", encoding="utf-8")
    os.environ["MATPLOTLIBRC"] = str(file)
    if matplotlib := sys.modules.get("matplotlib"):  # imported before the page began: read the settings now
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)


def on_show(called: Callable[[], None]) -> None:
    """What `plt.show()` does."""
    sys.modules[BACKEND].__dict__["show"] = lambda *_, **__: called()


def take(alt: str, shown: list[weakref.ref]) -> list[Part]:
    """Draw and close all open figures, oldest first, and add them to those that were `shown`."""
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is None:
        return []
    parts: list[Part] = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        file = io.StringIO()
        figure.savefig(file, format="svg", bbox_inches="tight", pad_inches=0.05, metadata={"Date": None})
        parts.append(Part(Kind.FIGURE, alt, inline(file.getvalue(), alt), figure_in_words(figure)))
        figure.stale = False  # until something is drawn on it
        shown.append(weakref.ref(figure))
    plt.close("all")
    return parts


def drawn_on(shown: list[weakref.ref]) -> bool:
    """Whether one of the figures has changed since it was shown, which nobody will see."""
    return any(figure.stale for one in shown if (figure := one()))

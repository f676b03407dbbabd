"""A page's blocks run, each page in a process of its own, and what they give is kept."""

from .output import Failure, Kind, Output, Part, Result
from .results import results_of
from .runner import Runner
from .store import Store

__all__ = ["Failure", "Kind", "Output", "Part", "Result", "Runner", "Store", "results_of"]

"""A course and its pages: what is written, before anything runs."""

from .block import Block, Word
from .claim import asserts, sets_seed, worded
from .course import Course, CourseError, OtherSiteError
from .markup import Fold, fenced_lines
from .page import Page, PageError

__all__ = [
    "Block",
    "Course",
    "CourseError",
    "Fold",
    "OtherSiteError",
    "Page",
    "PageError",
    "Word",
    "asserts",
    "fenced_lines",
    "sets_seed",
    "worded",
]

"""A course and its pages: what is written, before anything runs."""

from .block import Block, Word
from .course import Course, CourseError, OtherSiteError
from .page import Fold, Page, PageError, fenced_lines

__all__ = ["Block", "Course", "CourseError", "Fold", "OtherSiteError", "Page", "PageError", "Word", "fenced_lines"]

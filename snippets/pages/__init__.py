"""A course and its pages: what is written, before anything runs."""

from .course import Course, CourseError, OtherSiteError
from .page import Block, Fold, Page, PageError, Word, fenced_lines

__all__ = ["Block", "Course", "CourseError", "Fold", "OtherSiteError", "Page", "PageError", "Word", "fenced_lines"]

"""A course and its pages: what is written, before anything runs."""

from .course import Course, CourseError
from .page import Block, Fold, Page, PageError, Word, fenced_lines

__all__ = ["Block", "Course", "CourseError", "Fold", "Page", "PageError", "Word", "fenced_lines"]

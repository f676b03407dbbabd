"""Counts the build's warnings, also those that nobody was to see."""

import logging
import sys
from typing import Any

from mkdocs.utils import CountHandler


class Warned(CountHandler):
    """How many warnings MkDocs and its plugins have given, from `start` to `stop`."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.logger = logging.getLogger("mkdocs")
        self.quiet_level = logging.NOTSET
        self.unsaid: list[str] = []

    def start(self, strict: bool) -> None:
        """MkDocs' --strict counts what its logger lets through: with -q nothing, and a site with warnings is published."""
        self.logger.addHandler(self)
        # What it says of a cache that it keeps is of no use to anybody.
        logging.getLogger("mkdocs.plugins.mkdocs_jupyter").setLevel(logging.WARNING)
        if strict and self.logger.level > logging.WARNING:
            self.quiet_level = self.logger.level
            for handler in self.logger.handlers:
                if not isinstance(handler, CountHandler):
                    handler.setLevel(self.quiet_level)
            self.logger.setLevel(logging.WARNING)

    def handle(self, record: logging.LogRecord) -> Any:
        if self.quiet_level and record.levelno == logging.WARNING:
            self.unsaid.append(record.getMessage())
        return super().handle(record)

    def stop(self) -> None:
        """Whoever asked for quiet has to know all the same what ended the build."""
        for message in self.unsaid:
            print(f"WARNING -  {message}", file=sys.stderr)
        self.logger.removeHandler(self)
        if self.quiet_level:
            self.logger.setLevel(self.quiet_level)

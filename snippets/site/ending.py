"""How a build that fails ends: with its reasons, as the last that is said."""

import sys
from typing import Any

from mkdocs.exceptions import Abort


class Reason(Abort):
    """Ends the build where MkDocs would say "Aborted" after the reason, or above it."""

    def show(self, *_: Any, **__: Any) -> None:
        print(f"ERROR   -  {self.format_message()}", file=sys.stderr)

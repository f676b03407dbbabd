"""A complete program of a page, in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

from . import seeds

_WARNED = re.compile(r"^.+?:\d+: (\w*Warning: .*)$", re.M)


def run_program(name: str, text: str, shift: int) -> int:
    """The exit code of a program, saved as `name` in the page's folder and run there, its seeds moved by `shift`."""
    Path(name).write_text(text, encoding="utf-8")
    moved = ["-m", seeds.__name__, str(shift)] if shift else []
    return subprocess.run([sys.executable, *moved, name], check=False).returncode


def what_is_wrong(status: int, written: str) -> str:
    """Why what a program did cannot be published; empty if it can."""
    if status:
        return f"the program ended with exit code {status}"
    if warned := _WARNED.findall(written):
        return "the program warns; mend what it warns of:\n" + "\n".join(warned)
    return ""

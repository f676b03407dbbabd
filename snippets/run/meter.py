"""How long a page has run: in processor time, which a busy machine does not lengthen, and by the clock."""

import time
from contextlib import suppress
from multiprocessing.process import BaseProcess

import psutil

LOOK_EVERY = 0.5  # seconds between two looks at all processes of a page


class Meter:
    """Counts the processor time of a page's process and of all it started, and holds it to limits.

    On Windows and macOS the system tells nothing of children that have ended but what the page's process says itself.
    """

    def __init__(self, process: BaseProcess, start_up: float, clock: float) -> None:
        """Until `start`, the process is starting up: that may take `start_up` seconds of processor time."""
        self.process, self.limit, self.clock = process, start_up, clock
        self.started = self.looked = time.monotonic()
        self.before = self.total = 0.0
        self.running = False

    @property
    def used(self) -> float:
        """Seconds of processor time since `start`."""
        return max(0.0, self.total - self.before) if self.running else 0.0

    def start(self, seconds: float, limit: float) -> None:
        """The first block begins; starting up took `seconds`, and from here on the page may use `limit`."""
        self.started, self.before, self.limit, self.running = time.monotonic(), seconds, limit, True

    def told(self, seconds: float) -> None:
        """The process says what it and those of its children that have ended have used since it began."""
        self.total = max(self.total, seconds)

    def too_long(self) -> str:
        """What the author of the page is told if it has used more than it may; empty if it has not."""
        now = time.monotonic()
        if now - self.looked < LOOK_EVERY:
            return ""
        self.looked = now
        self.total = max(self.total, processor_seconds(self.process))
        used = self.total - self.before
        if used > self.limit:
            what = "a page may use (seconds" if self.running else "Python may take to start (START_UP"
            where = "in mkdocs.yml)" if self.running else "in snippets/run/runner.py)"
            return f"still running after {used:.1f} s of processor time; {self.limit:g} is what {what} {where}"
        if now - self.started > self.clock:
            return (
                f"still running after {self.clock:g} s by the clock (clock in mkdocs.yml), "
                f"of which it computed {used:.1f} s: does it sleep, or wait for something?"
            )
        return ""


def processor_seconds(process: BaseProcess) -> float:
    """What a process and all it started have used by now; of children that have ended, as far as the system tells."""
    used = 0.0
    with suppress(psutil.Error):
        first = psutil.Process(process.pid)
        for one in (first, *first.children(recursive=True)):
            with suppress(psutil.Error):
                used += sum(one.cpu_times()[:4])  # its own, and that of its children that have ended
    return used

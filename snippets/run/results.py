"""What pages give: kept where the store has it, the rest run side by side, with a line for each that ends."""

import time
from collections.abc import Callable, Iterable

from ..pages import Page
from .output import Result
from .runner import Runner
from .store import Store


def results_of(
    pages: Iterable[Page], store: Store, runner: Callable[[list[Page]], Runner], say: Callable[[str], None]
) -> dict[str, Result]:
    """The result of each page, by its source; `runner` is asked for one for the pages that must run, if there are any."""
    pages = list(pages)
    found = {page.source: result for page in pages if (result := store.get(page))}
    missing = [page for page in pages if page.source not in found]
    if not missing:
        return found
    kept = sum(bool(result.outputs) for result in found.values())
    started = time.monotonic()
    say(f"Running the code of {len(missing)} page{'s' * (len(missing) != 1)}; {kept} as before")
    count = 0

    def done(page: Page, result: Result) -> None:
        nonlocal count
        count += 1
        store.put(page, result)
        found[page.source] = result
        passed, left = time.monotonic() - started, len(missing) - count
        known = left and count * 4 >= len(missing)  # the first few say little of the rest
        rest = f"  (about {passed / count * left:.0f} s to go)" if known else ""
        failed = "  FAILED" * bool(result.failure)
        say(f"  {count}/{len(missing)}  {result.seconds:5.1f} s  {page.name}{failed}{rest}")

    def waiting(names: list[str]) -> None:
        say(f"  {count}/{len(missing)}  after {time.monotonic() - started:.0f} s, still running: {', '.join(names)}")

    runner(missing).run_all(missing, done, waiting)
    store.prune()
    say(f"Ran it in {time.monotonic() - started:.1f} s")
    return found

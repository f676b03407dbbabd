"""Asks every external address that the given Markdown files name, and reports those that do not answer."""

import re
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ADDRESS = re.compile(r"https?://[^\s)>\"'`|]+")


def answer(address: str) -> str:
    """What is wrong with an address; empty if nothing is. A refusal of programs (403, 429) is not a broken link."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (link check)"})
    try:
        with urllib.request.urlopen(request, timeout=30):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in (403, 429) else str(error)
    except OSError as error:
        return str(error)


def named(paths: list[str]) -> dict[str, str]:
    """Each address, with the first place that names it."""
    found: dict[str, str] = {}
    for root in map(Path, paths):
        for path in sorted(root.rglob("*.md")) if root.is_dir() else [root]:
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                for address in ADDRESS.findall(line):
                    found.setdefault(address.rstrip(".,;:"), f"{path}:{number}")
    return found


if __name__ == "__main__":
    places = named(sys.argv[1:])
    with ThreadPoolExecutor(8) as pool:
        wrong = [f"{places[a]}: {a}: {w}" for a, w in zip(places, pool.map(answer, places), strict=True) if w]
    print("\n".join(wrong) or f"all {len(places)} addresses answer")
    sys.exit(bool(wrong))

"""Starts `mkdocs serve` on the course, reads its first page, and ends it: that much has to work on every system."""

from helpers.project import ROOT
from helpers.waiting import Served


def main() -> None:
    with Served(ROOT, log=ROOT / ".cache" / "serve.log") as served:
        served.wait_for("", lambda text: "<h1" in text)
    print("served")


if __name__ == "__main__":
    main()

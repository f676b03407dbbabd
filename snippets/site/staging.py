"""A site is built in a folder beside the last one, and takes its place only when it is whole."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = ".site-"


def stage(site: Path) -> Path:
    """A new empty folder beside `site`, on the same disk, to build into; what killed builds left there goes."""
    site = site.resolve()  # where a link leads, the new site goes
    site.parent.mkdir(parents=True, exist_ok=True)
    for left in site.parent.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not _runs(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    return _folder(site)


def swap_in(staged: Path, site: Path) -> None:
    """Put `staged` in the place of `site`, or leave `site` as it was; another build may be doing the same."""
    site = site.resolve()
    old = _folder(site)
    for attempt in range(20):
        aside = old / str(attempt)
        with suppress(FileNotFoundError):
            os.rename(site, aside)
        try:
            os.rename(staged, site)
            break
        except OSError:  # another build was faster: take its site away in turn
            if not site.exists():
                if aside.exists():
                    os.rename(aside, site)
                shutil.rmtree(old, ignore_errors=True)
                raise
    else:
        raise OSError(f"could not put the new site in place at {site}")
    shutil.rmtree(old, ignore_errors=True)


def remove(staged: Path) -> None:
    shutil.rmtree(staged, ignore_errors=True)


def _folder(site: Path) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=site.parent))
    folder.chmod(0o755)
    return folder


def _runs(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid)

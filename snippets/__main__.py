"""The command line: a new page; for those who use none of the plugins, pages run, checked, accepted; a site finished."""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from .check.check import Check, CheckError
from .check.record import in_words
from .pages import Course, CourseError, Page, PageError
from .run import Result, Runner, Store, results_of
from .show import Site, export
from .site import moved, offline
from .site.build import write_notebooks
from .site.links import Links
from .site.lost import Ground, lost
from .site.new import KINDS, new


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 1 if anything failed, or 2 if it could not be begun, or 130 if somebody stopped it."""
    parser = argparse.ArgumentParser(prog="python -m snippets", description=__doc__)
    parser.add_argument("--course", type=Path, default=Path(), metavar="FOLDER", help="the folder of mkdocs.yml")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, what in (
        ("run", "run pages and print what their blocks give"),
        ("check", "hold what pages give against their records"),
        ("accept", "record what pages give, if two runs of each agree"),
    ):
        command = commands.add_parser(name, help=what, description=f"{what}.".capitalize())
        command.add_argument(
            "pages", nargs="*", type=Path, metavar="PAGE", help="a Markdown file; all, if none is named"
        )
    finish = commands.add_parser("finish", help="add the downloads to a built site and follow its links")
    finish.add_argument("site", type=Path, metavar="SITE", help="the folder that the site was built into")
    finish.add_argument("--address", default="", help="the address that the site will have")
    begin = commands.add_parser(
        "new",
        help="begin a lesson or a lab",
        description="Write a page, add it to nav in mkdocs.yml, record its outputs.",
    )
    begin.add_argument("kind", choices=KINDS)
    begin.add_argument("name", metavar="PART/NAME", help="the folder below docs, and the page in it: tensors/copies")
    begin.add_argument(
        "--after", default="", metavar="PAGE", help="the page it follows in nav; else its part ends with it"
    )
    options = parser.parse_args(arguments)
    try:
        course = Course.read(options.course.resolve())
        if options.command == "finish":
            return _finish(course, options.site, options.address)
        if options.command == "new":
            return new(course, options.kind, options.name, options.after)
        paths = [path.resolve() for path in options.pages] or sorted(course.docs.rglob("*.md"))
        if outside := [path for path in paths if not path.is_file() or not path.is_relative_to(course.docs)]:
            raise CourseError(f"no page of this course: {', '.join(map(str, outside))}")
        return _run(course, paths) if options.command == "run" else _check(course, paths, options.command == "accept")
    except (CourseError, PageError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _results(course: Course, paths: list[Path]) -> list[tuple[Page, Result]]:
    """What each page gives, kept or newly run; a progress line for each that runs."""
    pages = {page.source: page for page in (Page.read(path, course) for path in paths)}
    store = Store(course.root / course.store)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    results = results_of(pages.values(), store, lambda missing: Runner(course, missing), say)
    return [(page, results[source]) for source, page in pages.items()]


def _run(course: Course, paths: list[Path]) -> int:
    failed = False
    for page, result in _results(course, paths):
        for block, output in zip(page.blocks, result.outputs, strict=False):
            print(f"{page.name}:{block.line}: {block.label}")
            print("".join(f"    {line}\n" for line in in_words(output).split("\n") if line), end="")
        if result.failure:
            failed = True
            print(result.failure.describe(page.name))
    return int(failed)


def _check(course: Course, paths: list[Path], accept: bool) -> int:
    check = Check(course)
    failed = False
    for path in paths:
        if check.blocks(path):
            check.start(path)
    for path in paths:
        try:
            changed = accept and check.accept(path)
            check.hold_page(path, held=())
        except CheckError as error:
            failed = True
            print(f"{error}\n")
        else:
            print(
                f"{'recorded' if changed else 'as before' if accept else 'holds'}  {check.page(path).name}", flush=True
            )
    check.stop()
    return int(failed)


def _finish(course: Course, site: Path, address: str) -> int:
    """For a generator without our plugin: what the plugin does when the pages are written."""
    results = _results(course, sorted(course.docs.rglob("*.md")))
    pages = {page.source: page for page, _ in results}
    failed = [result.failure.describe(page.name) for page, result in results if result.failure]
    if failed := [*moved.wrong(course, pages), *failed]:
        print("\n".join(failed))
        return 1
    export(results, Site(site, site.resolve().name, address))
    write_notebooks(course, {page.source: (page, result) for page, result in results}, Site(site, "", address))
    (site / offline.NAME).touch()  # pages may link to it
    broken = [*lost(Links(), site, Ground(urlsplit(address).path or "/", moved=course.moved), pages)]
    print(*broken, sep="\n")
    moved.write(course, pages, site)
    offline.pack(site)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())

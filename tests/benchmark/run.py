"""The benchmark: how long the site takes to build and to rebuild, beside the tools that do something alike.

    python tests/benchmark/run.py                  30 pages that train, 300 light pages, the real course
    python tests/benchmark/run.py --quick          6 pages and 30 pages, to see that it works
    python tests/benchmark/run.py --write          also puts the tables and a plot into RESULTS.md

In one run, on the same pages, side by side: this project; the same mkdocs.yml with no block run; markdown-exec as it comes;
MyST-NB with jupyter-cache (installed by pip into an environment of its own). The *sum of the parts* is
the processor seconds of the blocks alone, shared by all cores without a gap, + those of one import of the preloaded packages
+ those of the site with no block run, one after the other: a build that does some of it at the same time can need less.

MyST-NB builds in one process: with Sphinx' `-j auto` its processes race to create the cache's database, and a cold build
may end in "table settings already exists".
"""

import argparse
import contextlib
import importlib
import multiprocessing
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import types
import urllib.request
import venv
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path

import psutil

from snippets.pages import Course, Page
from snippets.run import Runner

ROOT = Path(__file__).parents[2]
EDITED = "networks/softmax"  # the page of the real course that is edited in a running server
MYST_NB = "myst-nb==1.4.0 jupyter-cache==1.0.1"
REPORT = Path(__file__).with_name("RESULTS.md")
PICTURE = """<picture>
  <source media="(prefers-color-scheme: dark)" srcset="benchmark-dark.svg">
  <img alt="Bars: the seconds of each cold build in the tables" src="benchmark-light.svg">
</picture>"""
HEAVY = """
import torch
from torch import nn

torch.manual_seed({seed})
x = torch.randn(64, 4)
y = x.sum(dim=1, keepdim=True) * {seed}
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(240):
    loss = ((model(x) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"loss below its start: {{loss.item() < {seed} ** 2 * 8 + 8}}")
"""
LIGHT = "import torch\n\ntorch.arange({seed}, {seed} + 4) * 2\n"


def pages(folder: Path, count: int, code: str, opening: str) -> None:
    """`count` distinct pages of ten blocks each below `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(count):
        blocks = [
            f"Block {b}.\n\n{opening.format(page=number)}\n{code.format(seed=10 * number + b + 1).strip()}\n```\n"
            for b in range(10)
        ]
        (folder / f"page{number}.md").write_text(f"# Page {number}\n\n" + "\n".join(blocks), encoding="utf-8")
    (folder / "index.md").write_text("# Home\n", encoding="utf-8")


def timed(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds that a command takes, the most memory (MB) that it and its children held at once, and processor seconds."""
    started, before, most = time.monotonic(), used_by_children(), 0.0
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    log = tempfile.TemporaryFile()  # noqa: SIM115 - read below if the command fails
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            tree = [watched, *watched.children(recursive=True)]
            most = max(most, sum(p.memory_info().rss for p in tree) / 1e6)
        except psutil.Error:
            pass
        time.sleep(0.05)
    if process.returncode:
        log.seek(0)
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read().decode(errors='replace')[-3000:]}")
    return time.monotonic() - started, most, used_by_children() - before


def used_by_children() -> float:
    """Processor seconds of all processes that this one has started and seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def settings(kind: str) -> str:
    """The real mkdocs.yml for pages of our own; without blocks, or with markdown-exec as it comes."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"^(nav|watch|extra_javascript|extra_css):\n(?: .*\n|\n)*", "", text, flags=re.MULTILINE)
    text = re.sub(r"^  (logo|favicon): .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^      notebooks:\n(?:        .*\n)*", "", text, flags=re.MULTILINE)
    text = re.sub(r"^  - mkdocs-jupyter:\n(?:      .*\n)*", "", text, flags=re.MULTILINE)
    if kind != "this project":
        text = without_blocks(text)
    if kind == "markdown-exec":
        text = text.replace("plugins:\n", "plugins:\n  - markdown-exec:\n      languages: [python]\n")
    return text.replace("snippets/", f"{ROOT}/snippets/")


def without_blocks(text: str) -> str:
    """A mkdocs.yml without the plugin and the Markdown extension `snippets`."""
    text, count = re.subn(r"^  - snippets(:\n(?:      .*\n)*|\n)", "", text, flags=re.MULTILINE)
    assert count == 2
    return text


OPENINGS = {
    "this project": "```python",
    "no block run": "```python",
    "markdown-exec": '```python exec="on" source="above" session="page{page}"',
    "MyST-NB": "```{{code-cell}} python",
}


def prepare(kind: str, folder: Path, count: int, code: str) -> list[str]:
    """Set a site of one kind up in `folder`; returns the command that builds it."""
    folder.mkdir(parents=True, exist_ok=True)
    pages(folder / "docs", count, code, OPENINGS[kind])
    if kind != "MyST-NB":
        (folder / "mkdocs.yml").write_text(settings(kind), encoding="utf-8")
        return [sys.executable, "-m", "mkdocs", "build", "-q"]
    front = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n"
    for path in (folder / "docs").glob("page*.md"):
        path.write_text(front + path.read_text(encoding="utf-8"), encoding="utf-8")
    names = "\n".join(f"page{n}" for n in range(count))
    (folder / "docs" / "index.md").write_text(f"# Home\n\n```{{toctree}}\n{names}\n```\n", encoding="utf-8")
    (folder / "docs" / "conf.py").write_text(
        'extensions = ["myst_nb"]\nnb_execution_mode = "cache"\nnb_execution_timeout = 300\n'
    )
    return [str(myst(folder.parent)), "-b", "html", "-q", "docs", "site"]


def myst(folder: Path) -> Path:
    """sphinx-build of an environment with MyST-NB that sees this one's packages (and so the same torch)."""
    environment = folder / "myst"
    if not environment.exists():
        venv.create(environment, with_pip=True)
        python = environment / "bin" / "python"
        subprocess.run(
            [python, "-m", "pip", "install", "-q", *MYST_NB.split()],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        site = next((environment / "lib").glob("python*/site-packages"))
        ours = next(path for path in sys.path if path.endswith("site-packages"))
        (site / "ours.pth").write_text(ours + "\n", encoding="utf-8")
    return environment / "bin" / "sphinx-build"


def edit_in_serve(folder: Path, name: str = "page0") -> tuple[float, float]:
    """From saving one changed block of the page `name` to the new page in a running `mkdocs serve`: seconds by the clock,
    and processor seconds of the server, which its neighbors on the machine do not lengthen."""
    port = 8765
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "-a", f"127.0.0.1:{port}"]
    server = psutil.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def shows(what: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}/", timeout=120) as answer:
                return what in answer.read().decode()
        except OSError:
            return False

    def used() -> float:
        times = server.cpu_times()
        return times.user + times.system

    try:
        while not shows("<h1"):
            time.sleep(0.1)
        page = folder / "docs" / f"{name}.md"
        text = page.read_text(encoding="utf-8")
        opening = next(line for line in text.split("\n") if line.startswith("```python"))
        took = []
        for number in range(3):
            marker = f"edited{number}"
            edited = text.replace(f"{opening}\n", f"{opening}\nprint('{marker}'.upper())\n", 1)
            started, before = time.monotonic(), used()
            page.write_text(edited, encoding="utf-8")
            while not shows(marker.upper()):
                time.sleep(0.02)
            took.append((time.monotonic() - started, used() - before))
        page.write_text(text, encoding="utf-8")
        clock, processor = zip(*took, strict=True)
        return statistics.median(clock), statistics.median(processor)
    finally:
        server.terminate()
        server.wait()


def blocks_alone(pages: list[list[tuple[str, bool]]], modules: list[str]) -> tuple[float, float]:
    """Processor seconds of all pages' blocks, given as (code, whether it is a program), and of one import of `modules`."""
    os.environ.update({"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"})
    started = time.process_time()
    for name in modules:
        importlib.import_module(name)
    preload, total = time.process_time() - started, 0.0
    for blocks in pages:
        out, into = os.pipe()
        if os.fork() == 0:
            os.write(into, str(_run(blocks)).encode())
            os._exit(0)
        os.close(into)
        total += float(os.read(out, 64))
        os.close(out)
        os.wait()
    return total, preload


def _run(blocks: list[tuple[str, bool]]) -> float:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(tempfile.mkdtemp())
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    started = time.process_time()
    for code, is_program in blocks:
        if is_program:
            subprocess.run([sys.executable, "-c", code], check=True)
        else:
            with contextlib.suppress(Exception):  # some blocks raise to show how
                exec(code, main.__dict__)
    shutil.rmtree(os.getcwd())
    return time.process_time() - started + used_by_children()


def sum_of_parts(folder: Path, base: float, say: Callable[[str], None]) -> float:
    """Seconds of the blocks, one import and the site with no block run (`base`, in processor seconds); says what they come from."""
    course = Course.read(folder)
    pages = [Page.read(path, course) for path in course.docs.rglob("*.md")]
    code = [[(block.code, bool(block.program)) for block in page.blocks if block.runs] for page in pages if page.blocks]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        total, preload = fresh.submit(blocks_alone, code, Runner(course, pages).preloaded).result()
    cores = os.cpu_count() or 1
    parts = total / cores + preload + base
    say(f"  sum of parts   cold {parts:7.1f} s   (blocks {total:.1f} s of processor on {cores} cores,")
    say(f"                                import {preload:.1f} s, site with no block run {base:.1f} s)")
    return parts


def forget(folder: Path) -> None:
    """Make the next build a cold one."""
    for name in (".cache/pages", "site", "docs/_build"):
        shutil.rmtree(folder / name, ignore_errors=True)


def edited(edit: tuple[float, float] | None) -> str:
    return f"{edit[0]:.1f} s, {edit[1]:.1f} s of processor" if edit else ""


def compare(
    title: str, count: int, code: str, kinds: list[str], folder: Path, say: Callable[[str], None]
) -> list[tuple]:
    say(f"\n{title}\n")
    rows, build = [], {kind: prepare(kind, folder / kind.replace(" ", "-"), count, code) for kind in kinds}
    processors: dict[str, float] = {}
    figures: dict[str, tuple[float, float, float, tuple[float, float] | None]] = {}
    for kind in ["no block run", *(k for k in kinds if k != "no block run")]:
        place = folder / kind.replace(" ", "-")
        forget(place)
        cold, memory, processor = timed(build[kind], place)
        # What takes long varies little: once is enough.
        again = statistics.median(timed(build[kind], place)[0] for _ in range(3 if cold < 20 else 1))
        edit = edit_in_serve(place) if kind in ("this project", "markdown-exec") else None
        processors[kind] = processor
        figures[kind] = (cold, again, memory, edit)
        say(f"  {kind:14} cold {cold:7.1f} s   again {again:6.1f} s   {memory:6.0f} MB   edit {edited(edit) or '-'}")
    base = figures["no block run"]
    parts = sum_of_parts(folder / "this-project", processors["no block run"], say)
    ours = figures["this project"]
    for kind, (cold, again, memory, edit) in figures.items():
        rows.append((title, kind, cold, again, edit, memory))
        if kind not in ("this project", "no block run"):
            say(f"  {kind} takes {cold / ours[0]:.1f} times as long cold, {again / ours[1]:.1f} times again")
    say(f"  cold / sum of parts {ours[0] / parts:.2f}   again / no block run {ours[1] / base[1]:.2f}")
    rows.append((title, "sum of the parts", parts, base[1], None, 0.0))
    return rows


def course(folder: Path, say: Callable[[str], None]) -> list[tuple]:
    """The real course: this project and the same with no block run."""
    title = "the real course"
    say(f"\n{title}\n")
    site = folder / "course"
    shutil.copytree(ROOT / "docs", site / "docs")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (site / "mkdocs.yml").write_text(text.replace("snippets/", f"{ROOT}/snippets/"), encoding="utf-8")
    plain = folder / "plain"
    shutil.copytree(site, plain)
    (plain / "mkdocs.yml").write_text(without_blocks(text), encoding="utf-8")
    for path in (plain / "docs").rglob("*.md"):
        path.write_text(re.sub(r"^```python .*$", "```python", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    cold, memory, _ = timed(command, site)
    again = statistics.median(timed(command, site)[0] for _ in range(5))
    bases = [timed(command, plain) for _ in range(5)]
    base = statistics.median(took[0] for took in bases)
    edit = edit_in_serve(site, EDITED)
    real = Course.read(site)
    page = Page.read(real.docs / f"{EDITED}.md", real)
    own = Runner(real, [page]).run(page).seconds
    say(f"  this project   cold {cold:7.1f} s   again {again:6.1f} s   {memory:6.0f} MB")
    say(f"  {EDITED} edited: {edited(edit)}, of which {own:.1f} s are the page's own")
    say(f"  no block run        {base:7.1f} s")
    parts = sum_of_parts(site, min(took[2] for took in bases), say)
    say(f"  cold / sum of parts {cold / parts:.2f}   again / no block run {again / base:.2f}")
    return [
        (title, "this project", cold, again, edit, memory),
        (title, "no block run", base, base, None, 0.0),
        (title, "sum of the parts", parts, base, None, 0.0),
    ]


def tables(rows: list[tuple]) -> str:
    """All figures, a table for each kind of pages; in brackets, how many times as long as this project's."""
    lines = []
    for title, group in groups(rows).items():
        ours = next(row for row in group if row[1] == "this project")
        lines += [f"**{title[0].upper()}{title[1:]}**", ""]
        lines += ["| built by | cold | again | one block edited | memory |", "|---|--:|--:|--:|--:|"]
        for _, kind, cold, again, edit, memory in group:
            times = f"{cold:.1f} s ({cold / ours[2]:.2f}) | {again:.1f} s ({again / ours[3]:.2f})"
            held = f"{memory:.0f} MB" if memory else ""
            lines.append(f"| {kind} | {times} | {edited(edit)} | {held} |")
        lines.append("")
    return "\n".join(lines)


def groups(rows: list[tuple]) -> dict[str, list[tuple]]:
    return {title: [row for row in rows if row[0] == title] for title in dict.fromkeys(row[0] for row in rows)}


def write(rows: list[tuple]) -> None:
    """Put the tables, and a plot of the cold builds for each palette, into RESULTS.md."""
    import matplotlib.pyplot as plt

    parts = groups(rows)
    for palette, style in (("light", "default"), ("dark", "dark_background")):
        with plt.style.context([style, {"svg.fonttype": "none", "font.family": "sans-serif"}]):
            heights = [len(group) for group in parts.values()]
            fig, axes = plt.subplots(
                len(parts),
                figsize=(6, 0.3 * sum(heights) + 0.5 * len(parts)),
                height_ratios=heights,
                layout="constrained",
            )
            for ax, (title, group) in zip(axes, parts.items(), strict=True):
                seconds = [row[2] for row in group]
                bars = ax.barh([row[1] for row in group], seconds, color="C0")
                ax.bar_label(bars, [f"{value:.1f} s" for value in seconds], padding=3)
                ax.set_title(title, loc="left", size="medium")
                ax.margins(x=0.15)
                ax.invert_yaxis()
                ax.xaxis.set_visible(False)
                ax.spines[["top", "right", "bottom"]].set_visible(False)
            fig.savefig(REPORT.with_name(f"benchmark-{palette}.svg"), transparent=True, metadata={"Date": None})
        plt.close(fig)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("mkdocs-material", "markdown-exec", "torch"))
    others = MYST_NB.replace(" ", ", ").replace("==", " ")
    about = f"Measured on {time.strftime('%B %-d, %Y')} with {os.cpu_count()} cores, {versions}, {others}. The bars are cold builds."
    start, end = "<!-- benchmark -->\n", "<!-- end of benchmark -->\n"
    before, _, rest = REPORT.read_text(encoding="utf-8").partition(start)
    after = rest.partition(end)[2]
    content = "\n".join([about, "", PICTURE, "", tables(rows)])
    REPORT.write_text(f"{before}{start}\n{content}\n{end}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer pages")
    parser.add_argument("--write", action="store_true", help="put the tables and a plot into RESULTS.md")
    parser.add_argument("--only", choices=["heavy", "light", "course"], help="one of the three parts")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    heavy, light = (6, 30) if options.quick else (30, 300)
    rows: list[tuple] = []

    def say(line: str) -> None:
        print(line, flush=True)

    try:
        if options.only in (None, "heavy"):
            rows += compare(f"{heavy} pages that train", heavy, HEAVY, list(OPENINGS), folder / "heavy", say)
        if options.only in (None, "light"):
            kinds = ["this project", "no block run", "markdown-exec"]
            few = compare(f"{light // 10} light pages", light // 10, LIGHT, kinds[:2], folder / "few", say)
            many = compare(f"{light} light pages", light, LIGHT, kinds, folder / "light", say)
            rows += few + many
            one, ten = (next(row for row in part if row[1] == "this project") for part in (few, many))
            say(
                f"  ten times the pages cost {ten[2] / one[2]:.1f} times as long and {ten[5] / one[5]:.2f} times the memory"
            )
        if options.only in (None, "course"):
            rows += course(folder, say)
        say(f"\n{tables(rows)}")
        if options.write:
            write(rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

"""The fault suite: what the project promises, each fault put into a copy of the real site; ends with a table."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.course import COURSE, page_of
from helpers.project import Project, fence

from snippets.pages import Page
from snippets.run import Runner


@pytest.fixture(scope="module")
def real(site, tmp_path_factory) -> Project:  # `site` fills the store
    copy = Project(tmp_path_factory.mktemp("copy") / "course", seconds=60, whole=True)
    copy.write("mkdocs.yml", copy.read("mkdocs.yml") + "not_in_nav: |\n  /odd *\n  /*-bad.md\n")
    assert copy.build("-q").returncode == 0
    return copy


def pages_of(project: Project) -> dict[str, str]:
    site = project.folder / "site"
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


# All faults of a kind stand in the real course together: a build names each, or shows each.

REFUSED = {
    "a segfault": (fence("import ctypes\n\nctypes.string_at(0)"), "bad.md:4: .*killed by SIGSEGV"),
    "a block that eats memory": (fence("x = bytearray(8 * 10**9)"), "bad.md:4: .*MemoryError"),
    "many small pieces of memory": (fence("x = []\nwhile True:\n    x.append(' ' * 10**7)"), "bad.md:6: .*MemoryError"),
    "a file beside the page": (fence("open('index.md')"), "bad.md:4: .*FileNotFoundError"),
    "an endless loop": (fence("while True:\n    pass"), "bad.md:4: .*s of processor time"),
    "an address": (fence("object()"), "bad.md:4: .*an object with an address"),
    "a temporary path": (fence("import os\n\nos.getcwd()"), "bad.md:4: .*where it runs"),
    "a page that is not UTF-8": ("# T\n\ncaf\udce9\n", "bad.md:3: is not UTF-8"),
}


@pytest.fixture(scope="module")
def refused(real) -> tuple[str, float]:
    before = pages_of(real)
    written = []
    for fault, (text, _) in REFUSED.items():
        page = real.page(name_of(fault), "")
        page.write_bytes(text.encode("utf-8", "surrogateescape"))
        written.append(page)
    started = time.monotonic()
    result = real.build("-q")
    seconds = time.monotonic() - started
    for page in written:
        page.unlink()
    assert result.returncode == 1
    assert pages_of(real) == before
    return result.stdout, seconds


def name_of(fault: str) -> str:
    return fault.replace(" ", "-") + "-bad"


@pytest.mark.parametrize("fault", REFUSED)
def test_is_refused(refused, survived, fault):
    said, seconds = refused
    report = REFUSED[fault][1]
    (one,) = (
        part
        for part in re.split(r"(?<=\n)(?=docs/)|(?<=  )(?=docs/)", said)
        if part.startswith(f"docs/{name_of(fault)}.md")
    )
    assert re.search(report, one, re.DOTALL), said
    survived(fault, f"build refused: docs/{report.replace('.*', '… ')}", seconds)


TOLERATED = {
    "Windows line ends": ("# T\r\n\r\n```python\r\nprint(40 + 2)\r\n```\r\n", "42"),
    "no block at all": ("# T\n\nOnly words.\n", "Only words."),
    "a child and a thread left running": (
        fence(
            "import subprocess\nimport threading\nimport time\n\n_ = subprocess.Popen(['sleep', '10000'])\n"
            "threading.Thread(target=time.sleep, args=(10000,)).start()\nprint('left')"
        ),
        "left",
    ),
    "colors, NUL, bad UTF-8, right to left": (
        fence("import os\n\n_ = os.write(1, b'\\x1b[31mred\\x00 \\xff ' + 'שלום'.encode() + b'\\n')"),
        r"\x1b[31mred\x00 � שלום",
    ),
}


@pytest.fixture(scope="module")
def tolerated(real) -> float:
    for number, (text, _) in enumerate(TOLERATED.values()):
        real.page(f"odd näme {number}", text)
    started = time.monotonic()
    result = real.build("-q")
    seconds = time.monotonic() - started
    for page in real.folder.glob("docs/odd *"):
        page.unlink()
    assert result.returncode == 0, result.stdout
    return seconds


@pytest.mark.parametrize("fault", TOLERATED)
def test_is_published_as_it_is(real, tolerated, survived, fault):
    number = list(TOLERATED).index(fault)
    assert TOLERATED[fault][1] in real.read(f"site/odd näme {number}/index.html")
    survived(fault, "built; page name with a space and an accent", tolerated)


def test_a_page_cannot_touch_its_neighbor(survived):
    spoil = fence(
        "import os\nimport random\nimport sys\n\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport torch\n\n"
        "os.chdir('/')\nos.environ['X'] = '1'\ntorch.set_default_dtype(torch.float64)\ntorch.manual_seed(1)\n"
        "np.random.seed(1)\nrandom.seed(1)\nplt.style.use('dark_background')\nsys.modules['json'] = None"
    )
    page = page_of("networks/softmax")
    runner = Runner(COURSE, [page])
    started = time.monotonic()
    alone = runner.run(page).outputs
    assert runner.run(Page.parse("spoil.md", spoil, COURSE)).failure is None
    assert runner.run(page).outputs == alone
    seconds = time.monotonic() - started
    survived("folder, dtype, RNG, style, modules", "the neighbor's outputs are the same bytes", seconds)


def pages_that_take_a_moment(project: Project, count: int = 6) -> None:
    for number in range(count):
        project.page(f"page{number}", fence(f"import time\n\ntime.sleep(0.3)\nprint({number})"))


def test_kill_in_mid_write_then_a_good_build(tmp_path, survived):
    project = Project(tmp_path)
    pages_that_take_a_moment(project)
    assert project.build("-q").returncode == 0
    for path in tmp_path.rglob(".cache/pages/*.json"):
        path.unlink()
    before = pages_of(project)
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=tmp_path, start_new_session=True)
    while not list((tmp_path / ".cache" / "pages").glob("*.json")) and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert pages_of(project) == before
    result = project.build("-q")
    assert result.returncode == 0, result.stdout
    assert pages_of(project).keys() == before.keys()
    assert not list(tmp_path.glob(".site-*"))
    survived("kill -9 while pages run", "last site whole; the next build is good", time.monotonic() - started)


@pytest.mark.parametrize("count", [1, 300])
def test_sites_small_and_large(tmp_path: Path, count: int, survived):
    project = Project(tmp_path)
    for number in range(count - 1):
        project.page(f"page{number}", fence(f"print({number})"))
    started = time.monotonic()
    result = project.build("-q")
    assert result.returncode == 0, result.stdout
    assert len(list((tmp_path / "site").rglob("index.html"))) == count
    survived(f"a site of {count} page" + "s" * (count > 1), "built", time.monotonic() - started)

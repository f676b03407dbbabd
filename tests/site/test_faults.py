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
    assert copy.build("-q").returncode == 0
    return copy


def pages_of(project: Project) -> dict[str, str]:
    site = project.folder / "site"
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


REFUSED = {
    "a segfault": (fence("import ctypes\n\nctypes.string_at(0)"), "bad.md:4: .*killed by SIGSEGV"),
    "a block that eats memory": (fence("x = bytearray(8 * 10**9)"), "bad.md:4: .*MemoryError"),
    "many small pieces of memory": (fence("x = []\nwhile True:\n    x.append(' ' * 10**7)"), "bad.md:6: .*MemoryError"),
    "a file beside the page": (fence("open('index.md')"), "bad.md:4: .*FileNotFoundError"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_is_refused(real, survived, fault):
    text, report = REFUSED[fault]
    before = pages_of(real)
    page = real.page("bad", text)
    started = time.monotonic()
    result = real.build("-q")
    seconds = time.monotonic() - started
    page.unlink()
    assert result.returncode != 0
    assert re.search(report, result.stdout, re.DOTALL), result.stdout
    assert pages_of(real) == before
    survived(fault, f"build refused: docs/{report.replace('.*', '… ')}", seconds)


TOLERATED = {
    "Windows line ends": ("# T\r\n\r\n```python\r\nprint(40 + 2)\r\n```\r\n", "42"),
    "no block at all": ("# T\n\nOnly words.\n", "Only words."),
    "a child and a thread left running": (
        fence(
            "import subprocess\nimport threading\nimport time\n\n_ = subprocess.Popen(['sleep', '60'])\n"
            "threading.Thread(target=time.sleep, args=(60,)).start()\nprint('left')"
        ),
        "left",
    ),
    "colors, NUL, bad UTF-8, right to left": (
        fence("import os\n\n_ = os.write(1, b'\\x1b[31mred\\x00 \\xff ' + 'שלום'.encode() + b'\\n')"),
        r"\x1b[31mred\x00 � שלום",
    ),
}


@pytest.mark.parametrize("fault", TOLERATED)
def test_is_published_as_it_is(real, survived, fault):
    text, shown = TOLERATED[fault]
    real.page("odd näme", text)
    started = time.monotonic()
    result = real.build("-q")
    seconds = time.monotonic() - started
    (real.folder / "docs" / "odd näme.md").unlink()
    assert result.returncode == 0, result.stdout
    assert shown in real.read("site/odd näme/index.html")
    survived(fault, "built; page name with a space and an accent", seconds)


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


def test_kill_in_mid_write_then_a_good_build(real, survived):
    for path in real.folder.rglob(".cache/pages/*.json"):
        path.unlink()
    before = pages_of(real)
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=real.folder, start_new_session=True)
    while not list((real.folder / ".cache" / "pages").glob("*.json")) and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert pages_of(real) == before
    result = real.build("-q")
    assert result.returncode == 0, result.stdout
    assert pages_of(real).keys() == before.keys() - {"odd näme/index.html"}  # an earlier test's page, gone since
    assert not list(real.folder.glob(".site-*"))
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

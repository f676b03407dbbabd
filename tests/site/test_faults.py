"""The fault suite: what the project promises, each fault put into a copy of the real site; ends with a table."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, Project

from snippets import store
from snippets.page import Page
from snippets.runner import Runner

TABLE: list[tuple[str, str, float]] = []


class RealCopy(Project):
    """A copy of the whole site with its store, so that only what a test breaks runs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.copytree(ROOT / "docs", folder / "docs", dirs_exist_ok=True)
        shutil.copytree(ROOT / ".cache", folder / ".cache")
        self.write("mkdocs.yml", self.read("mkdocs.yml").replace("page_seconds: 3", "page_seconds: 20"))


@pytest.fixture(scope="module")
def real(site, tmp_path_factory) -> RealCopy:  # `site` fills the store
    copy = RealCopy(tmp_path_factory.mktemp("copy"))
    assert copy.build("-q").returncode == 0
    return copy


@pytest.fixture(scope="module", autouse=True)
def table(pytestconfig):
    yield
    report = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    with pytestconfig.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        report.ensure_newline()
        for fault, outcome, seconds in TABLE:
            report.write_line(f"{fault:38} {outcome:68} {seconds:5.1f} s")


def pages_of(project: Project) -> dict[str, str]:
    site = project.folder / "site"
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def fence(source: str) -> str:
    return f"# T\n\n```python\n{source}\n```\n"


REFUSED = {
    "a segfault": (fence("import ctypes\n\nctypes.string_at(0)"), "bad.md:4: .*killed by SIGSEGV"),
    "a block that eats memory": (fence("x = bytearray(8 * 10**9)"), "bad.md:4: .*MemoryError"),
    "many small pieces of memory": (fence("x = []\nwhile True:\n    x.append(' ' * 10**7)"), "bad.md:6: .*MemoryError"),
    "a file beside the page": (fence("open('index.md')"), "bad.md:4: .*FileNotFoundError"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_is_refused(real, fault):

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
    TABLE.append((fault, f"build refused: docs/{report.replace('.*', '… ')}", seconds))


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
def test_is_published_as_it_is(real, fault):
    text, shown = TOLERATED[fault]
    real.page("odd näme", text)
    started = time.monotonic()
    result = real.build("-q")
    seconds = time.monotonic() - started
    (real.folder / "docs" / "odd näme.md").unlink()
    assert result.returncode == 0, result.stdout
    assert shown in real.read("site/odd näme/index.html")
    TABLE.append((fault, "built; page name with a space and an accent", seconds))


def test_a_page_cannot_touch_its_neighbour():
    spoil = fence(
        "import os\nimport random\nimport sys\n\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport torch\n\n"
        "os.chdir('/')\nos.environ['X'] = '1'\ntorch.set_default_dtype(torch.float64)\ntorch.manual_seed(1)\n"
        "np.random.seed(1)\nrandom.seed(1)\nplt.style.use('dark_background')\nsys.modules['json'] = None"
    )
    page = Page.read(ROOT / "docs" / "networks" / "softmax.md", ROOT / "docs")
    runner = Runner(60, pages=[page])
    started = time.monotonic()
    alone = runner.run(page).outputs
    assert runner.run(Page.parse("docs/spoil.md", spoil)).failure is None
    assert runner.run(page).outputs == alone
    TABLE.append(
        ("folder, dtype, RNG, style, modules", "the neighbour's outputs are the same bytes", time.monotonic() - started)
    )


def test_kill_in_mid_write_then_a_good_build(real):
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
    TABLE.append(("kill -9 while pages run", "last site whole; the next build is good", time.monotonic() - started))
    for folder in real.folder.glob(".site-*"):
        shutil.rmtree(folder)


def test_a_full_disk_means_no_store(tmp_path, monkeypatch, caplog):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    page = Page.parse("docs/a.md", fence("1"))
    kept = store.Store(tmp_path)
    monkeypatch.setattr(store.os, "replace", full)
    started = time.monotonic()
    kept.put(page, Runner(20, pages=[page]).run(page))
    assert "No space left on device" in caplog.text
    assert list(tmp_path.iterdir()) == []
    assert not kept.works
    TABLE.append(("a full disk (mocked)", "says so once, keeps nothing, the build goes on", time.monotonic() - started))


def test_a_file_where_the_store_should_be(project):
    project.write(".cache/pages", "")
    started = time.monotonic()
    result = project.build()
    assert result.returncode == 0
    assert "outputs are not kept" in result.stdout
    TABLE.append(("a file in the store's place", "says so once, the build goes on", time.monotonic() - started))


def test_a_new_version_makes_the_store_stale(tmp_path, monkeypatch):
    page = Page.parse("docs/a.md", fence("1"))
    before = store.Store(tmp_path).path(page)
    monkeypatch.setattr(store, "versions", lambda: {"torch": "99.0"})
    store._surroundings.cache_clear()
    assert store.Store(tmp_path).path(page) != before
    monkeypatch.undo()
    store._surroundings.cache_clear()
    assert store.Store(tmp_path).path(page) == before
    TABLE.append(("another version of torch", "old outputs are not used", 0.0))


@pytest.mark.parametrize("count", [1, 300])
def test_sites_small_and_large(tmp_path: Path, count: int):
    project = Project(tmp_path)
    for number in range(count - 1):
        project.page(f"page{number}", fence(f"print({number})"))
    started = time.monotonic()
    result = project.build("-q")
    assert result.returncode == 0, result.stdout
    assert len(list((tmp_path / "site").rglob("index.html"))) == count
    TABLE.append((f"a site of {count} page" + "s" * (count > 1), "built", time.monotonic() - started))

"""The store: what decides an output decides where it is kept; a store that fails is done without."""

import json
import subprocess
import sys
import time
from dataclasses import replace

from helpers.course import COURSE
from helpers.project import LAB, fence

from snippets.pages import Page
from snippets.run import Runner, Store, store
from snippets.run.packages import Packages


def page(text: str, source: str = "a.md") -> Page:
    return Page.parse(source, text, COURSE, whole=False)


def test_what_is_kept_is_what_was_put(tmp_path):
    one = page('```python alt="a point"\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n2\n```\n')
    result = Runner(COURSE, [one]).run(one)
    assert len(result.outputs[0]) == 2
    Store(tmp_path).put(one, result)
    assert Store(tmp_path).get(one) == result
    Store(tmp_path / "other").put(one, replace(result, failure=object()))
    assert not (tmp_path / "other").exists()


def test_what_decides_an_output_decides_its_place_and_nothing_else_does(tmp_path):
    kept = Store(tmp_path)
    path = kept.path(page(fence("1")))
    assert kept.path(page("Other words.\n\n" + fence("1", words='title="x"'), "other/b.md")) == path
    others = [fence("2"), fence("1", words="raises"), fence("1", words='alt="x"'), fence("1", "1")]
    programs = [f'```python program="{name}"\n```\n' for name in COURSE.known_programs]
    labs = [LAB + fence("1", words=f'tags=["{tag}"]') for tag in ("warns", "raises-exception")]
    paths = [kept.path(page(text)) for text in (*others, *programs, *labs)]
    assert len({path, *paths}) == 1 + len(paths)


def test_a_new_version_makes_the_store_stale(tmp_path, monkeypatch, survived):
    one = page(fence("1"))
    before = Store(tmp_path).path(one)
    newer = [name.replace("torch-", "torch-99.") for name in Packages().installed]
    assert newer != Packages().installed
    monkeypatch.setattr(Packages, "installed", newer)
    assert Store(tmp_path).path(one) != before
    monkeypatch.undo()
    assert Store(tmp_path).path(one) == before
    survived("another version of torch", "old outputs are not used", 0.0)


def test_a_full_disk_means_no_store(tmp_path, monkeypatch, caplog, survived):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    one = page(fence("1"))
    kept = Store(tmp_path)
    monkeypatch.setattr(store.os, "replace", full)
    started = time.monotonic()
    kept.put(one, Runner(COURSE, [one]).run(one))
    assert "No space left on device" in caplog.text
    assert list(tmp_path.iterdir()) == []
    assert not kept.works
    survived("a full disk (mocked)", "says so once, keeps nothing, the build goes on", time.monotonic() - started)


def test_a_file_where_the_store_should_be(project, survived):
    project.write(".cache/pages", "a file in its place")
    started = time.monotonic()
    result = project.build()
    assert result.returncode == 0
    assert "outputs are not kept" in result.stdout
    survived("a file in the store's place", "says so once, the build goes on", time.monotonic() - started)


def test_a_rebuild_runs_nothing_and_a_broken_store_entry_is_run_again(project):
    assert "Running the code of 1 page;" in project.build().stdout
    assert "Running the code" not in project.build().stdout
    site = project.read("site/index.html")
    (entry,) = (project.folder / ".cache" / "pages").iterdir()
    entry.write_bytes(entry.read_bytes()[:50])
    assert "Running the code of 1 page;" in project.build().stdout
    assert project.read("site/index.html") == site
    assert json.loads(entry.read_bytes())["failure"] is None


def test_the_folder_that_a_command_is_called_in_decides_nothing(tmp_path):
    """Or `mkdocs build`, `python -m mkdocs build` and another generator would each run all pages again."""
    (tmp_path / "one" / "here-1.0.dist-info").mkdir(parents=True)
    (tmp_path / "two").mkdir()
    command = [sys.executable, "-c", "from snippets.run.packages import Packages; print(Packages().installed)"]
    one, two = (subprocess.check_output(command, cwd=tmp_path / name, text=True) for name in ("one", "two"))
    assert one == two
    assert "torch" in one

"""mkdocs serve, as a contributor uses it: break a page, read the error in its place, mend it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable

import pytest
from helpers.project import LAB, QUIET, fence


@pytest.fixture
def serve(project):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(project.folder / "serve.log", "w+")  # noqa: SIM115 - closed below
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"],
        cwd=project.folder,
        env={**os.environ, **QUIET},
        stdout=log,
        stderr=subprocess.STDOUT,
    )

    def wait_for(path: str, holds: Callable[[str], object]) -> str:
        text = ""
        for _ in range(300):
            assert process.poll() is None, project.read("serve.log")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=60) as answer:
                    text = answer.read().decode()
            except OSError as error:
                text = str(error)
            if holds(text):
                return text
            time.sleep(0.1)
        raise AssertionError(f"{path} stayed:\n{text[-3000:]}\n{project.read('serve.log')}")

    yield wait_for
    process.terminate()
    process.wait()
    log.close()


def test_a_failing_block_shows_its_error_in_its_place_and_mending_it_mends_the_page(project, serve):
    project.page("other", fence("print('other', 40 + 2)"))
    project.page("index", fence("print('first')", "1 / 0", "print('last')"))
    text = serve("", lambda text: "ZeroDivisionError" in text)
    assert re.search("first.*docs/index.md:8: this block failed.*ZeroDivisionError.*Not run", text, re.S)
    assert "other 42" in serve("other/", lambda text: "other 42" in text)
    project.page("index", "# T\n\n```python\nprint(1)\n")
    serve("", lambda text: "docs/index.md:3: this block is never closed" in text)
    project.page("index", fence("print('mended', 20 + 3)"))
    assert "ZeroDivisionError" not in serve("", lambda text: "mended 23" in text)


def test_a_failing_lab_shows_its_error_and_the_server_lives(project, serve):
    serve("", lambda text: "<h1" in text)
    project.page("labs/lab", LAB + "```python\n1 / 0\n```\n")
    serve("labs/lab/", lambda text: "docs/labs/lab.md:12: this block failed" in text)
    project.page("labs/lab", LAB + "```python\nprint(40 + 2)\n```\n")
    serve("labs/lab/", lambda text: "<samp>42</samp>" in text)


def test_a_broken_link_is_named_and_the_server_lives(project, serve):
    project.page("index", "# T\n\n[a](none.md)\n")
    serve("", lambda text: 'href="none.md"' in text)
    for _ in range(50):
        if "docs/index.md:3: the link none.md leads nowhere" in project.read("serve.log"):
            break
        time.sleep(0.1)
    else:
        raise AssertionError(project.read("serve.log"))

"""The old address of a page that was renamed, in a real browser: below a sub-path, without scripts, and from a disk."""

import functools
import http.server
import threading
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from helpers.project import Project
from helpers.renamed import OLD, renamed_and_built


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    return renamed_and_built(tmp_path_factory.mktemp("renamed"))


@pytest.fixture(scope="module")
def address(built) -> Iterator[str]:
    """The site below a sub-path."""
    (built.folder / "web").mkdir()
    (built.folder / "web" / "course").symlink_to(built.folder / "site")
    handler = functools.partial(Quiet, directory=str(built.folder / "web"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course/"
    server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize("old", OLD)
def test_a_browser_comes_to_the_new_page_with_its_anchor_and_back_again(browser, built, address, old):
    window = browser.new_page()
    window.goto(f"{address}apart/")
    window.goto(f"{address}{quote(old)}/?h=ends#the-end")
    window.wait_for_url(f"{address}{OLD[old]}/?h=ends#the-end")
    window.go_back()
    window.wait_for_url(f"{address}apart/")
    window.close()


@pytest.mark.parametrize("old", OLD)
def test_a_browser_without_scripts_comes_there_too(browser, address, old):
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(f"{address}{quote(old)}/")
    window.wait_for_url(f"{address}{OLD[old]}/index.html")
    context.close()


def test_in_the_offline_copy_it_leads_to_a_file(browser, built, tmp_path):
    with zipfile.ZipFile(built.folder / "site/offline.zip") as archive:
        archive.extractall(tmp_path)
    window = browser.new_page()
    window.goto((tmp_path / "course/part/old/index.html").as_uri() + "#there")
    window.wait_for_url((tmp_path / "course/part/new/index.html").as_uri() + "#there")
    window.close()

"""The real course, built strictly of what its check has just seen: it is light, and says what it is made of."""

import json
import statistics
from concurrent.futures import ThreadPoolExecutor

import pytest
from helpers.course import COURSE, LESSONS, PAGES, page_of, path_of
from helpers.project import fence

from snippets.pages import Page
from snippets.run import Runner

# Training a small network, step by step: takes a second of processor time on the machine that the limits below are meant for.
A_SECOND = """
import time

import torch

began = time.process_time()
torch.manual_seed(0)
inputs, targets = torch.randn(256, 64), torch.randint(10, (256,))
network = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
for _ in range(2000):
    loss = torch.nn.functional.cross_entropy(network(inputs), targets)
    network.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter -= 0.1 * parameter.grad
time.process_time() - began
"""
PAGE_SECONDS, LONG = 8, {"labs/gpt": 30}
COURSE_SECONDS = 240
# Pages that run side by side hold each other up, in processor time too, and not all of them alike: one took 1.7 times as much.
MARGIN = 2.0


@pytest.fixture(scope="module")
def seconds(site) -> dict[str, float]:
    """The processor time of each page, in seconds of the machine that the limits are meant for."""
    page = Page.parse("second.md", fence(A_SECOND), COURSE)
    runner = Runner(COURSE, [page])
    with ThreadPoolExecutor(3) as pool:  # side by side, as pages run
        runs = list(pool.map(lambda _: runner.run(page), range(3)))
    # The page's own measure: what importing torch takes differs more than what is to be measured.
    second = statistics.median(float(run.outputs[0][0].text) for run in runs)
    report = json.loads((site / "build.json").read_text(encoding="utf-8"))["pages"]
    return {one["page"].removeprefix("docs/").removesuffix(".md"): one["seconds"] / second for one in report}


def test_no_page_is_heavy(seconds):
    heavy = {page: took for page, took in seconds.items() if took > LONG.get(page, PAGE_SECONDS) * MARGIN}
    assert heavy == {}, "seconds of processor time"


def test_the_course_is_light(seconds):
    assert sum(seconds.values()) <= COURSE_SECONDS * MARGIN


def test_the_build_says_what_it_did(site):
    pages = {one["page"]: one for one in json.loads((site / "build.json").read_text(encoding="utf-8"))["pages"]}
    assert pages.keys() == {page_of(page).name for page in PAGES if page_of(page).blocks}
    for one in pages.values():
        assert one["status"] in ("ran", "as before")
        assert (one["failure"], one["differs"]) == (None, [])
        assert one["versions"]["python"]
    assert pages["docs/tensors/tensors.md"]["versions"].keys() >= {"torch", "numpy", "matplotlib"}
    table = (site / path_of("reference/how-this-site-is-checked") / "index.html").read_text(encoding="utf-8")
    for page in PAGES:
        assert not page_of(page).blocks or f'href="../../{path_of(page)}"' in table, page


def test_most_blocks_need_no_word():
    blocks = [block for page in LESSONS for block in page_of(page).blocks]
    worded = [block for block in blocks if block.word not in ("", "fold", "check", "claim")]
    assert len(worded) * 8 <= len(blocks), f"{len(worded)} of {len(blocks)} blocks carry a word"


def test_every_page_is_there(site):
    assert {path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")} >= {
        path_of(page).strip("/") or "." for page in PAGES
    }

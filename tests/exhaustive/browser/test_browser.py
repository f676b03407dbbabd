"""The site in a real browser: every page at three widths in both palettes, and all that can be done on it."""

import gzip
import json
import zipfile
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.course import LABS, PAGES, page_of, path_of
from helpers.visit import Visit
from nbclient import NotebookClient
from playwright.sync_api import Page, expect

WIDTHS = (360, 768, 1440)
LESSON = "networks/softmax/"


@pytest.mark.parametrize("page", PAGES)
def test_page_is_whole_and_accessible_at_every_width_in_both_palettes(browser, address, page):
    for scheme, first in (("light", 1440), ("dark", 360)):
        with Visit(browser, address, first, scheme) as visit:
            window = visit.to(path_of(page))
            window.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
            # What fades in must be there, on however slow a machine: axe measures contrast.
            window.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))")
            report = Axe().run(window)
            found = [
                f"{v['id']}: {n['html'][:150]} {n.get('failureSummary', '')[:200]}"
                for v in report.response["violations"]
                for n in v["nodes"][:3]
            ]
            assert not found, f"{page} ({scheme}, {first} px):\n" + "\n".join(found)
            window.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = false })")
            for width in WIDTHS:
                window.set_viewport_size({"width": width, "height": 900})
                across = window.evaluate("document.documentElement.scrollWidth")
                assert across <= width, f"{page} is {across} px wide at {width}"
            assert visit.wrong == []


def test_search_finds_text_code_and_outputs(browser, address):
    with Visit(browser, address) as visit:
        for words in ("logistic regression", "CrossEntropyLoss", "torch.Size"):
            window = visit.to()
            window.fill("input[name=query]", words)
            window.locator(".md-search-result__item").filter(has_text=words).first.wait_for()
        assert visit.wrong == []


def index_requests(visit: Visit) -> list[str]:
    """The addresses of the search index that the visit asks for, from now on."""
    asked: list[str] = []
    visit.page.on("request", lambda request: "search_index" in request.url and asked.append(request.url))
    return asked


def turn_by_click(window: Page) -> None:
    window.locator(".md-search__input").click()


def turn_by_key(window: Page) -> None:
    window.keyboard.press("/")


def turn_by_touch(window: Page) -> None:
    window.locator("label.md-header__button[for=__search]").click()


@pytest.mark.parametrize(("turn", "width"), [(turn_by_click, 1440), (turn_by_key, 1440), (turn_by_touch, 390)])
def test_the_search_index_is_fetched_when_somebody_turns_to_the_search(browser, address, turn, width):
    with Visit(browser, address, width) as visit:
        asked = index_requests(visit)
        window = visit.to(LESSON)
        window.wait_for_timeout(500)
        assert asked == []
        turn(window)
        window.keyboard.type("probabilities")
        window.locator(".md-search-result__item a").first.wait_for()
        assert len(asked) == 1
        window.keyboard.press("ArrowDown")
        window.keyboard.press("Enter")
        window.wait_for_url("**h=*")
        window.locator("article mark").first.wait_for()
        assert visit.wrong == []


def test_what_was_searched_is_marked_on_arrival(browser, address):
    with Visit(browser, address) as visit:
        window = visit.to(f"{LESSON}?h=softmax")
        window.locator("article mark").first.wait_for()
        assert {mark.lower() for mark in window.locator("article mark").all_text_contents()} == {"softmax"}
        assert visit.wrong == []


def test_the_menu_of_a_phone_leads_through_the_parts(browser, address):
    with Visit(browser, address, 390) as visit:
        window = visit.to(LESSON)
        window.locator("label.md-header__button[for=__drawer]").click()
        contents = window.locator(".md-nav--primary .md-nav--secondary")
        window.locator(".md-nav--primary .md-nav__link[for=__toc]").click()
        contents.get_by_text("Which dimension?").wait_for()
        parts = (".md-nav__title:text-is('Networks')", "label.md-nav__link:has(:text-is('Training'))")
        for label in (".md-nav__title[for=__toc]", *parts):
            window.wait_for_timeout(400)
            window.locator(f".md-nav--primary {label}").click()
        window.wait_for_timeout(400)
        window.locator(".md-nav--primary").get_by_role("link", name="Loss functions").click()
        window.wait_for_url("**/training/loss-functions/")
        assert visit.wrong == []


def test_copy_buttons_copy_the_code_and_the_page(browser, address):
    with Visit(browser, address) as visit:
        window = visit.to(LESSON)
        code = window.locator(".snippet .highlight code").first.inner_text()
        window.locator(".snippet .highlight").first.hover()
        window.locator(".snippet .highlight").first.get_by_role("button", name="Copy this block").click()
        expect(window.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
        assert window.evaluate("navigator.clipboard.readText()").strip() == code.strip()
        window.get_by_role("button", name="Copy as Markdown").click()
        window.get_by_role("button", name="Copied").wait_for()
        assert window.evaluate("navigator.clipboard.readText()").startswith("# Softmax")
        assert visit.wrong == []


def test_questions_are_answered_by_keyboard(browser, address):
    with Visit(browser, address) as visit:
        window = visit.to(LESSON)
        answers = window.locator(".question").first.locator("details")
        for answer in answers.all():
            expect(answer.locator("> :not(summary)").first).to_be_hidden()
            answer.locator("summary").focus()
            window.keyboard.press("Enter")
            expect(answer.locator("> :not(summary)").first).to_be_visible()


def predicting() -> str:
    """A page that asks for a prediction."""
    return next(page for page in PAGES if "/// predict |" in page_of(page).text)


@pytest.mark.parametrize("choose", [".predict details >> nth=0", ".cover >> nth=0"])
def test_what_a_block_gives_is_out_of_sight_until_a_prediction_is_made(browser, address, choose):
    with Visit(browser, address) as visit:
        window = visit.to(path_of(predicting()))
        hidden = window.locator(".snippet:has(.cover) .result").first
        said = window.locator(".snippet:has(.cover) + .unseen").first.element_handle()  # what the page says of it
        assert said.is_hidden()
        expect(hidden).to_be_hidden()
        result = hidden.element_handle()
        window.emulate_media(media="print")
        expect(hidden).to_be_visible()
        window.emulate_media(media="screen")
        chosen = window.locator(choose)
        (chosen.locator("summary") if "details" in choose else chosen).focus()
        window.keyboard.press("Enter")
        result.wait_for_element_state("visible")
        assert said.is_visible()
        assert visit.wrong == []


def test_a_mark_behind_a_sentence_opens_what_it_rests_on(browser, address):
    page = next(page for page in PAGES if any(block.claims for block in page_of(page).blocks))
    with Visit(browser, address, 390) as visit:
        mark = visit.to(path_of(page)).locator("details.claim").first
        expect(mark.get_by_text("seeds +1000").first).to_be_hidden()
        mark.locator("summary").click()
        expect(mark.get_by_text("seeds +1000").first).to_be_visible()
        assert visit.wrong == []


def test_a_lesson_marked_as_done_is_ticked_after_a_reload_and_home_leads_back(browser, address):
    with Visit(browser, address) as visit:
        window = visit.to(LESSON)
        window.get_by_role("button", name="Mark as done").focus()
        window.keyboard.press("Enter")
        window.reload()
        expect(window.get_by_role("button", name="✓ Done")).to_have_attribute("aria-pressed", "true")
        expect(window.locator(".md-nav--primary .tick")).to_have_count(1)
        window.goto(address)
        window.get_by_role("link", name="Continue: Softmax").click()
        window.wait_for_url(f"**/{LESSON}")
        window.get_by_role("button", name="✓ Done").click()
        expect(window.locator(".md-nav--primary .tick")).to_have_count(0)
        assert visit.wrong == []


@pytest.mark.parametrize("page", ["", LESSON])
def test_the_page_stands_without_scripts_or_storage(browser, address, page):
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(address + page)
    expect(window.locator("article .snippet .result").first).to_be_visible()
    window.goto(address + path_of(predicting()))
    expect(window.locator(".predict + .snippet .result").first).to_be_visible()
    context.close()
    with Visit(browser, address) as visit:
        visit.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no storage') }})"
        )
        visit.to(page)
        expect(visit.page.locator("article h1")).to_be_visible()


def test_a_missing_page_helps(browser, address, site):
    html = (site / "404.html").read_text(encoding="utf-8")
    assert "There is no such page" in html
    assert "Tensors" in html


def test_offline_copy_opens_from_a_file(browser, site, tmp_path):
    with zipfile.ZipFile(site / "offline.zip") as archive:
        archive.extractall(tmp_path)
    home = min(tmp_path.rglob("index.html"), key=lambda path: len(path.parts))
    with Visit(browser, f"file://{home.parent}/") as visit:
        window = visit.page
        window.goto(home.as_uri())
        window.get_by_role("link", name="Start with lesson 1").click()
        window.wait_for_url("**/hello-pytorch/index.html")
        expect(window.locator(".snippet .result").first).to_be_visible()
        assert window.evaluate("getComputedStyle(document.body).fontFamily").startswith("system-ui")
        assert visit.wrong == []


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


@pytest.mark.parametrize("page", PAGES)
def test_html_weighs_little(site, page):
    limit = 60_000 if page in LABS else 40_000
    weight = gzipped(site / path_of(page) / "index.html")
    assert weight <= limit, f"{page}: {weight / 1000:.1f} kB gzipped"


def test_a_visit_weighs_little_and_nothing_shifts(browser, address, site):
    with Visit(browser, address) as visit:
        loaded: list[str] = []
        visit.page.on("request", lambda request: loaded.append(request.url))

        def weight() -> int:
            files = {site / url.removeprefix(address).partition("?")[0] for url in loaded if url.startswith(address)}
            loaded.clear()
            return sum(gzipped(path / "index.html" if path.is_dir() else path) for path in files)

        visit.to()
        assert weight() <= 200_000
        visit.to(LESSON)
        visit.page.wait_for_timeout(500)
        assert (
            visit.page.evaluate(
                "new Promise(done => new PerformanceObserver(list => done(list.getEntries().reduce((s, e) => s + e.value, 0)))"
                ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"
            )
            < 0.05
        )
        cached = {"assets/", "search/"}
        loaded[:] = [url for url in loaded if not url.removeprefix(address).startswith(tuple(cached))]
        assert weight() <= 60_000


def test_notebooks_open(site):
    notebooks = [site / f"{page}.ipynb" for page in PAGES if (site / f"{page}.ipynb").exists()]
    assert len(notebooks) >= len(PAGES) - 3
    for path in notebooks:
        nbformat.validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", ["tensors/tensors", "networks/softmax"])
def test_a_downloaded_notebook_runs(site, page, tmp_path):
    book = nbformat.read(site / f"{page}.ipynb", as_version=4)
    NotebookClient(book, timeout=None, resources={"metadata": {"path": str(tmp_path)}}).execute()


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_comes_without_its_solutions(site, lab):
    book = json.loads((site / f"{lab}.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert "# Write your code here." in sources
    assert any(source.startswith("assert ") for source in sources)
    assert not any(cell.get("outputs") for cell in book["cells"])

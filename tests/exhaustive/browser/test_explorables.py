"""The explorables: by mouse and by keyboard, and their numbers against those torch computed when the page was built."""

import json

import pytest
from helpers.course import COURSE, PAGES, page_of, path_of
from helpers.visit import Visit
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Window

PLACES = {
    block.attributes["explore"]: path_of(page)
    for page in PAGES
    for block in page_of(page).blocks
    if "explore" in block.attributes
}


@pytest.mark.parametrize("name", COURSE.known_explorables)
def test_every_explorable_is_on_a_page_and_tested_here(name):
    script = f"docs/{COURSE.explorables}/{name}.js"
    assert name in PLACES, f'{script}: no page has a block ```python check explore="{name}"'
    test = f"test_{name.replace('-', '_')}"
    assert test in globals(), f"{script}: write {test} in this file; it compares its numbers with those of the page"


@pytest.fixture
def opened(request, browser, address):
    """The explorable, and the numbers that torch computed for it."""
    name = request.param
    with Visit(browser, address) as visit:
        window = visit.to(PLACES[name])
        box = window.locator(f'.explore[data-explore="{name}"]')
        yield window, box, json.loads(box.locator("script").text_content())
        assert visit.wrong == []


def move(box: Locator, label: str, value: float) -> None:
    box.get_by_label(label, exact=True).evaluate(
        "(s, v) => { s.value = v; s.dispatchEvent(new Event('input')) }", str(value)
    )


def shown(box: Locator, name: str) -> float:
    return float(box.locator(f'output[data-name="{name}"]').text_content())


def by_keyboard(window: Window, box: Locator, label: str, name: str) -> None:
    """Moving the slider by an arrow key changes the number."""
    before = shown(box, name)
    box.get_by_label(label, exact=True).focus()
    window.keyboard.press("ArrowRight")
    assert shown(box, name) != before


@pytest.mark.parametrize("opened", ["neuron"], indirect=True)
def test_neuron(opened):
    window, box, data = opened
    for (w1, w2, b), answer in zip(data["settings"], data["answers"], strict=True):
        for label, value in (("weight 1", w1), ("weight 2", w2), ("bias", b)):
            move(box, label, value)
        assert shown(box, "answer") == pytest.approx(answer, abs=6e-5)
    by_keyboard(window, box, "bias", "answer")
    assert box.locator(".point").count() == len(data["points"])


@pytest.mark.parametrize("opened", ["temperature"], indirect=True)
def test_temperature(opened):
    window, box, data = opened
    for example in data["examples"]:
        move(box, "temperature", example["temperature"])
        found = [shown(box, name) for name in data["names"]]
        assert found == pytest.approx(example["probabilities"], abs=6e-5)
    by_keyboard(window, box, f"logit of {data['names'][0]}", data["names"][0])


@pytest.mark.parametrize("opened", ["descent"], indirect=True)
def test_descent(opened):
    window, box, data = opened
    for example in data["examples"]:
        for label in ("start", "learning rate", "momentum"):
            move(box, label, example[label])
        for x in example["steps"][1:]:
            box.get_by_role("button", name="One step").focus()
            window.keyboard.press("Enter")
            assert shown(box, "x") == pytest.approx(x, abs=2e-3)
    box.get_by_role("button", name="Start again").click()
    assert shown(box, "x") == pytest.approx(data["examples"][-1]["start"])
    by_keyboard(window, box, "start", "x")


@pytest.mark.parametrize("opened", ["digit"], indirect=True)
def test_digit(opened):
    window, box, data = opened
    status = box.locator("[role=status]")
    expect(status).to_have_text("Nothing is drawn yet.")
    for example in data["examples"]:
        box.get_by_role("button", name="Show a digit of the data set").click()
        found = [shown(box, name) for name in data["names"]]
        assert found == pytest.approx(example["probabilities"], abs=2e-3)
    box.get_by_role("button", name="Clear").click()
    box.locator(".grid button").first.focus()
    for key in ("ArrowRight", "ArrowDown", " ", "ArrowDown", " "):
        window.keyboard.press(key)
    expect(status).to_contain_text("The network reads a")
    expect(box.get_by_label("row 3, column 2, ink 16", exact=True)).to_be_visible()
    box.get_by_role("button", name="Clear").click()
    box.locator(".grid").scroll_into_view_if_needed()
    corner = box.locator(".grid").bounding_box()
    window.mouse.move(corner["x"] + corner["width"] / 2, corner["y"] + 10)
    window.mouse.down()
    window.mouse.move(corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] - 10, steps=20)
    window.mouse.up()
    expect(status).to_contain_text("The network reads a")

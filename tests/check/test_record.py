"""The record: what may differ from what was recorded, and what may not."""

import pytest
from helpers.course import COURSE
from helpers.project import fence

from snippets.check import record
from snippets.pages import Page
from snippets.run import Kind, Part


@pytest.mark.parametrize(
    ("recorded", "now"),
    [
        ("tensor([0.4963, 0.7682])", "tensor([0.4964, 0.7681])"),
        ("tensor([ 0.0000, 1.0000])", "tensor([-0.0000, 1.0000])"),
        ("tensor([-0., 2.])", "tensor([0., 2.])"),
        ("1.0e-05", "1.1e-05"),
        ("9.9e-06", "1.0e-05"),
        ("a   b", "a b"),
        ("loss 0.10 after 3", "loss 0.11 after 3"),
        ("2e-05", "3e-05"),
    ],
)
def test_agrees(recorded, now):
    assert record.difference(recorded, now) == ""


@pytest.mark.parametrize(
    ("recorded", "now"),
    [
        ("tensor([0.4963])", "tensor([0.4965])"),
        ("torch.Size([2, 3])", "torch.Size([2, 4])"),
        ("3", "4"),
        ("0.5", "0.50"),
        ("1.", "0.6000"),
        ("tensor(6.)", "tensor(5.)"),
        ("1.e+02", "2.e+02"),
        ("0.97", "-0.97"),
        ("grad_fn=<AddmmBackward0>", "grad_fn=<AddmmBackward1>"),
        ("torch.float32", "torch.float64"),
        ("ab", "a b"),
        ("nan", "0.0"),
        ("v1.2.3", "v1.2.4"),
        ("1e-05", "1e-03"),
        ("one\ntwo", "one"),
        ("", "new"),
    ],
)
def test_differs(recorded, now):
    assert record.difference(recorded, now)


def test_the_difference_shows_only_what_is_beyond_the_tolerance():
    shown = record.difference("0.11\nsame\n0.50", "0.12\nsame\n0.70")
    assert "-0.50\n+0.70" in shown
    assert "0.12" not in shown


def test_what_is_written_is_read_back():
    page = Page.parse("a.md", fence("f()", "b", "2. c", "d"), COURSE)
    outputs = (
        (Part(Kind.TEXT, "1. one\n\n   indented\n"), Part(Kind.VALUE, "tensor(1)")),
        (),
        (Part(Kind.FIGURE, "a curve", "<svg/>", "axes x | y\n  line y 2 numbers, mean 1.00: 0.50 1.50"),),
        (Part(Kind.DATA, '{"a":[1.0]}', words="  data.a 1 numbers, mean 1.0: 1.0"),),
    )
    text = record.write(page, outputs)
    assert text.startswith("docs/a.md")
    assert record.matched(page, text) == (
        {
            0: "1. one\n\n   indented\ntensor(1)",
            1: "",
            2: "[figure] a curve\naxes x | y\n  line y 2 numbers, mean 1.00: 0.50 1.50",
            3: "[explorable]\n  data.a 1 numbers, mean 1.0: 1.0",
        },
        [],
    )


RECORDED = fence("a = 1", "a", "b()", "a", "print(a)")


def on_record() -> str:
    page = Page.parse("a.md", RECORDED, COURSE)
    texts = ["", "first", "two", "second", "one"]
    return record.write(page, tuple((Part(Kind.TEXT, text),) for text in texts))


@pytest.mark.parametrize(
    ("sources", "outputs", "gone"),
    [
        (["a = 1", "a", "b()", "a", "print(a)"], ["", "first", "two", "second", "one"], []),
        (["new", "a = 1", "a", "b()", "a", "print(a)"], [None, "", "first", "two", "second", "one"], []),
        (["a = 1", "a", "new", "b()", "a", "print(a)"], ["", "first", None, "two", "second", "one"], []),
        (["a = 1", "a", "b(1)", "a", "print(a)"], ["", "first", "two", "second", "one"], []),
        (["a = 1", "a", "a", "print(a)"], ["", "first", "second", "one"], ["b()"]),
        (["a", "b()", "a", "print(a)"], ["first", "two", "second", "one"], []),
        (["a = 1", "a"], ["", "first"], ["b()", "a", "print(a)"]),
    ],
    ids=["as it was", "before all", "between", "first line changed", "one gone", "a silent one gone", "the rest gone"],
)
def test_blocks_are_found_by_their_first_lines(sources, outputs, gone):
    found, left = record.matched(Page.parse("a.md", fence(*sources), COURSE), on_record())
    assert [found.get(index) for index in range(len(sources))] == outputs
    assert left == gone


def test_a_block_that_moved_is_one_that_went_and_one_that_came():
    page = Page.parse("a.md", fence("print(a)", "a = 1", "a", "b()", "a"), COURSE)
    found, left = record.matched(page, on_record())
    assert [found.get(index) for index in range(5)] == [None, "", "first", "two", "second"]
    assert left == ["print(a)"]

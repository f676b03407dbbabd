"""The parser: which fences are blocks, what their words mean, and what it refuses to guess."""

import pytest
from helpers.course import COURSE
from helpers.project import LAB

from snippets.pages import Course, Page, PageError


def parse(text: str) -> Page:
    return Page.parse("a/b.md", text, COURSE, whole=False)


def test_blocks_carry_line_word_and_attributes():
    page = parse('# T\n\n```python fold alt="a line" title="x"\n\ny = 1\n```\n\ntext\n\n```python\nz = 2\n```\n')
    first, second = page.blocks
    assert (first.line, first.source, first.word) == (5, "y = 1", "fold")
    assert first.attributes == {"alt": "a line", "title": "x"}
    assert (second.line, second.word, second.attributes) == (11, "", {})


def test_other_languages_and_examples_of_fences_are_left_alone():
    assert parse("```text\nx\n```\n\n````markdown\n```python\n1\n```\n````\n\n```\nplain\n```\n").blocks == ()


def test_windows_line_ends_a_byte_order_mark_and_blank_lines_of_spaces(tmp_path):
    path = tmp_path / "docs" / "é page.md"
    path.parent.mkdir()
    path.write_bytes("\ufeff# T\r\n\r\n```python\r\na = 1\r\n   \r\nb = 2\r\n```\r\n".encode())
    page = Page.read(path, Course(tmp_path, tmp_path / "docs"))
    assert page.name == "docs/é page.md"
    assert page.blocks[0].source == "a = 1\n\nb = 2"


def test_a_page_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "docs" / "page.md"
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe#")
    with pytest.raises(PageError, match=r"docs/page\.md:1: is not UTF-8"):
        Page.read(path, Course(tmp_path, tmp_path / "docs"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("```python\n1\n", 1, "never closed"),
        ("a\n\n```python\n1\n\n```python\n2\n```\n", 3, "never closed"),
        ("- a\n\n  ```python\n  1\n  ```\n", 3, "left margin"),
        (" ```python\n1\n ```\n", 1, "left margin"),
        ("    ```python\n    1\n    ```\n", 1, "left margin"),
        ("> ```python\n> 1\n> ```\n", 1, "left margin"),
        ("<!--\n```python\n1\n```\n-->\n", 2, "inside HTML or a comment"),
        ("<!-- a\n\n```python\n1\n```\n\n-->\n", 3, "inside HTML or a comment"),
        ("<div>\n```python\n1\n```\n</div>\n", 2, "inside HTML or a comment"),
        ("```py\n1\n```\n", 1, r"write ```python in place of ```py, and end the block with ```"),
        ("```Python\n1\n```\n", 1, r"write ```python in place of ```Python, and end the block with ```"),
        ("``` python\n1\n```\n", 1, r"write ```python in place of ``` python, and end the block with ```"),
        (
            "```{.python title='x'}\n1\n```\n",
            1,
            r"write ```python in place of ```\{\.python title='x'\}, and end the block with ```",
        ),
        ("~~~python\n1\n~~~\n", 1, r"write ```python in place of ~~~python, and end the block with ```"),
        ("````python\n1\n````\n", 1, r"write ```python in place of ````python, and end the block with ```"),
        ("```python shown\n1\n```\n", 1, "unknown word after python: shown .known: fold, check, claim, raises"),
        ('```python label="x"\n1\n```\n', 1, "unknown word after python: label"),
        ('```python tags=["solution"]\n1\n```\n', 1, "unknown word after python: tags"),
        ("```python fold raises\n1\n```\n", 1, "one word a block"),
        ("```python\n```\n", 1, "empty"),
        ("```python\nif 1:\n\tx = 1\n```\n", 3, "tab"),
        ('```python program="none.py"\n```\n', 1, "no program none.py in snippets/programs"),
        ('```python program="../__init__.py"\n```\n', 1, "no program"),
    ],
)
def test_what_could_be_misread_is_refused_by_line(text, line, message):
    with pytest.raises(PageError, match=message) as error:
        parse(text)
    assert str(error.value).startswith(f"docs/a/b.md:{line}: ")


def test_labs_carry_tags_in_place_of_words():
    page = parse(LAB + '```python tags=["solution"]\n1\n```\n')
    assert page.is_lab
    assert page.blocks[0].tags == ("solution",)
    with pytest.raises(PageError, match=r"unknown word after python: fold .known: tags="):
        parse(LAB + "```python fold\n1\n```\n")

"""What a page may not be written like, one by one, and the many things it may: nothing that is right is refused."""

import re

import pytest
from helpers.course import COURSE, PAGES, page_of
from helpers.project import LAB

from snippets.pages import Page, PageError
from snippets.pages.markup import fences, prose_lines
from snippets.pages.program import is_program


def lines_of(text: str, whole: bool = True) -> list[int]:
    """The lines of all mistakes on a page."""
    try:
        Page.parse("a/b.md", text, COURSE, whole)
    except PageError as error:
        return [int(line.split(":")[1]) for line in str(error).split("\n")]
    return []


PROGRAMS = [
    "import torch",
    "from torch import nn\n",
    "def double(x):\n    return 2 * x",
    "class Net(nn.Module):\n    pass",
    "for epoch in range(3):\n    train()",
    "x = torch.ones(2)",
    "y = model(x)",
    "x = 3\nprint(x)",
    "x = 3\ny = x + 1",
    "x = 1\nx += 1",
    "print('a')",
    "plt.show()",
    "squares = [n * n for n in numbers]",
    "assert loss < 1",
    ">>> 1 + 1\n2",
]
NO_PROGRAMS = [
    "pip install torch",
    "python train.py --epochs 3",
    "cd course\nls",
    "git status",
    "CUDA_VISIBLE_DEVICES=0 python train.py",
    "LANG=en_US.UTF-8",
    "export X=1",
    "make",
    "docs/\n  index.md\nmkdocs.yml",
    "tensor([1., 2.])",
    "tensor([nan, inf], dtype=torch.float64)",
    "x = tensor([1., 2.])",
    "torch.Size([2, 3])",
    "np.float64(0.5)",
    "datetime.date(2026, 11, 24)",
    "Linear(in_features=3, out_features=8, bias=True) (2, 8)\nReLU() (2, 8)",
    "Pipeline(steps=[('scaler', StandardScaler()), ('svc', SVC(C=1.0))])",
    "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n)",
    "step 0: loss 2.3\nstep 20: loss 0.7",
    "accuracy = 0.93\nloss = 0.21",
    'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: no',
    "[tool.ruff]\nline-length = 120\nselect = ['E']",
    "seconds = 60\nname = my-package",
    "site_name: A course\ntheme: material",
    "lambda: 0.1",
    '{"a": [1, 2]}',
    "y = w * x + b",
    "z_1, z_2, ..., z_n",
    "(2, 3) and (3, 4)",
    "A | B\n1 | 2",
    "Hello, world",
    "'text'",
    "import_me.py",
    "x",
    "",
    "a\0b",
    "(" * 500,
]


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_program_without_a_language_is_refused(text):
    assert is_program(text)
    for marks in ("```", "~~~", "````"):
        assert lines_of(f"# T\n\n{marks}\n{text}\n{marks}\n") == [3]
        assert lines_of(f"# T\n\n- x\n\n    {marks}\n    {text.replace(chr(10), chr(10) + '    ')}\n    {marks}\n") == [
            5
        ]
        assert lines_of(f"# T\n\n{marks}text\n{text}\n{marks}\n") == []


@pytest.mark.parametrize("text", NO_PROGRAMS)
def test_output_commands_settings_and_data_are_no_programs(text):
    assert not is_program(text)
    assert lines_of(f"# T\n\n```\n{text}\n```\n") == []


def test_nothing_that_the_course_says_or_shows_looks_like_a_program():
    prose = ["\n".join(line for _, line in prose_lines(page_of(page).text)) for page in PAGES]
    paragraphs = [one for text in prose for one in re.split(r"\n\s*\n", text) if one.strip()]
    outputs = [one for path in sorted((COURSE.root / COURSE.records).rglob("*.txt")) for one in outputs_of(path)]
    others = [fence.content for page in PAGES for fence in fences(page_of(page).text) if fence.info[:6] != "python"]
    assert len(paragraphs) > 2000
    assert len(outputs) > 500
    assert [text for text in [*paragraphs, *outputs, *others] if is_program(text)] == []


def outputs_of(path) -> list[str]:
    """The recorded outputs of a page, which are indented."""
    found = re.findall(r"(?:^(?: {4}.*)?\n)+", path.read_text(encoding="utf-8"), re.M)
    return [re.sub(r"^ {4}", "", one, flags=re.M).strip("\n") for one in found if one.strip()]


def test_most_programs_of_the_course_would_be_recognized():
    blocks = [block.code for page in PAGES for block in page_of(page).blocks]
    assert sum(map(is_program, blocks)) > 0.9 * len(blocks)  # the rest is one expression, as `x.shape`


def test_every_page_of_the_course_says_what_it_is_about():
    for page in PAGES:
        front = page_of(page).text.partition("\n---\n")[0]
        assert re.search(r"^description: .{20,}", front, re.M), page
        assert len(page_of(page).description) > 20, page


RIGHT = [
    "# T\n",
    "---\ntitle: T\n---\n\nWords.\n",
    '---\ndescription: "a: b"\n...\n# T\n',
    "---\ndescription: >\n  a: b\n---\n# T\n",
    "# T\n\n![a map](x.png) and ![a map][m] and `![](x.png)` and $![](x)$\n\n[m]: x.png\n",
    '# T\n\n<img src="x.png" alt="a > b"><img\n  alt=""\n  src="x.png">\n',
    "# T\n\n<!-- ![](x.png) <img src=x> -->\n",
    "# T\n\n```html\n<img src='x.png'>\n![](x.png)\n///\n```\n",
    "# T\n\n---\n\n---\n",
    "# T\n\n> ```text\n> x\n> ```\n",
    "# T\n\n- ~~~text\n  x\n  ~~~\n",
    "# T\n\n/// note\n\nx\n\n///\n",
    "# T\n\n/// details | A\n    open: true\n\nx\n\n///\n",
    "# T\n\n/// details | A\n\n/// note | B\n\nx\n\n///\n\n///\n",
    "# T\n\n/// question | Q\n\n//// right | `a | b`\n////\n//// right | $x$\n\nBoth.\n\n////\n\n///\n",
    "# T\n\nText with http://x/// and 1 /// 2.\n",
    '# T\n\n```python hl_lines="1 2-3"\n1\n2\n3\n```\n',
    '# T\n\n```python hl_lines="70" program="forward_pass.py"\n```\n',
    '# T\n\n```python alt="a \'quoted\' word, and = signs" title="x"\n1\n```\n',
    LAB + '```python tags=["solution"] alt="x"\n1\n```\n',
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text):
    assert lines_of(text) == []


WRONG = [
    ("Words.\n", [1]),
    ("\n\nWords.\n", [3]),
    ("#Title\n", [1]),
    ("```text\n# T\n```\n", [1]),
    (
        "---\ndescription: T: x\n---\n\n![](x.png)\n\n```python fold raises\n1\n```\n",
        [2, 5, 5, 7],
    ),  # no title, in line 5
    ("---\njupyter: [\n---\n# T\n\n```python fold\n1\n```\n", [2, 6]),  # it is a lab all the same
    ("---\n---\n# T\n", [1]),
    ("---\ndescription: 3\n---\n# T\n", [2]),
    ("---\ndescription: `x` is\n---\n# T\n", [2]),
    ("# T\n\n![ ](x.png)\n![][m]\n\n[m]: x.png\n", [3, 4]),
    ("# T\n\n<IMG SRC=x.png>\n", [3]),
    ("# T\n\n///\n\n/// details | A\n\n//// note\n\nx\n\n///\n", [3, 7]),
    ("# T\n\n/// details | A\n\nx\n\n////\n", [3, 7]),
    ("# T\n\n/// question | Q\n\n/// details | A\n\n//// right | a\n\n////\n\n///\n\n///\n", [3, 7]),
    ("# T\n\n/// question | Q\n\nNo answers.\n\n///\n", [3]),
    ("# T\n\n/// Details | A\n\nx\n\n///\n", [3]),
    ('# T\n\n```python hl_lines="0"\n1\n```\n', [3]),
    ('# T\n\n```python hl_lines="2-1"\n1\n2\n```\n', [3]),
    ('# T\n\n```python hl_lines=""\n1\n```\n', [3]),
    ('# T\n\n```python hl_lines="71" program="forward_pass.py"\n```\n', [3]),
    ('# T\n\n```python alt="a " b"\n1\n```\n', [3]),
    ('# T\n\n```python alt="a"title="b"\n1\n```\n', [3]),
    (
        "# T\n\n```text\n1\n\n/// details | A\n\n![](x.png)\n",
        [3],
    ),  # a fence that takes in the rest, and nothing of that
]


@pytest.mark.parametrize(("text", "lines"), WRONG)
def test_what_is_wrong_is_told_with_its_line(text, lines):
    assert lines_of(text) == lines


def test_a_part_of_a_page_needs_no_title():
    assert lines_of("Words.\n", whole=False) == []

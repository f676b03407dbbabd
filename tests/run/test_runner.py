"""A page's process: as good as a fresh Python, with a notebook cell's meaning of output, and always ended."""

import re
import time

import pytest
from helpers.project import fence

from snippets.pages import Course, Page
from snippets.run import Runner
from snippets.show.html import output_html


def shown(result) -> list[tuple[str, str]]:
    assert result.failure is None, result.failure
    return [(part.kind, part.text) for output in result.outputs for part in output]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 1", [("value", "2")]),
        ("None", []),
        ("_ = 3", []),
        ("'é'", [("value", "'é'")]),
        ("print('a', 'b', sep='-', end='')\n3", [("text", "a-b"), ("value", "3")]),
        ("import sys\nprint('err', file=sys.stderr)\n_ = sys.stdout.write('out')", [("text", "err\nout")]),
        ("import os\n_ = os.write(1, b'raw\\n')\nprint('then')", [("text", "raw\nthen\n")]),
        ("import os\nprint('first')\n_ = os.system('echo child')", [("text", "first\nchild\n")]),
        ("import logging\nlogging.error('log')", [("text", "ERROR:root:log\n")]),
        (
            "import ctypes\n_ = ctypes.CDLL(None).printf(b'from C\\n')\nprint('x')\n_ = ctypes.CDLL(None).puts(b'y')",
            [("text", "from C\nx\ny\n")],
        ),
        ("print('<b>&', chr(0), chr(27))", [("text", "<b>& \x00 \x1b\n")]),
        ("import os\n_ = os.write(1, b'\\xff')", [("text", "\ufffd")]),
    ],
)
@pytest.mark.parametrize("plain", [False, True], ids=["site", "reader"])
def test_output_is_what_a_cell_shows(run_page, source, expected, plain):
    assert shown(run_page(fence(source), reader=plain)) == expected


def test_a_reader_whose_python_starts_without_the_module_of_warnings(tmp_path):
    course = Course(tmp_path, tmp_path / "docs")
    runner = Runner(course, [])
    modules, path = runner._fresh
    runner._fresh = modules - {"warnings"}, path  # as where no package of the environment brings it in
    page = fence("40 + 2", "import warnings\n\nwarnings.warn('careful')")
    result = runner.run(Page.parse("index.md", page, course), plain=True)
    assert [part.text for part in result.outputs[0]] == ["42"]
    assert result.failure
    assert "UserWarning: careful" in result.failure.message


def test_warnings_and_figures_stand_where_they_arise(run_page):
    page = '```python alt="a point"\nimport matplotlib.pyplot as plt\nprint(1)\nplt.plot([1])\nplt.show()\nprint(2)\n'
    page += "plt.plot([2])\n_ = 0\n```\n\n```python warns\nimport warnings\nprint(3)\nwarnings.warn('careful')\nprint(4)\n```\n"
    kinds = [(kind, text) for kind, text in shown(run_page(page))]
    assert kinds == [
        ("text", "1\n"),
        ("figure", "a point"),
        ("text", "2\n"),
        ("figure", "a point"),
        ("text", "3\n"),
        ("warning", "UserWarning: careful"),
        ("text", "4\n"),
    ]


def test_a_raising_block_shows_what_python_prints_last_and_the_page_goes_on(run_page):
    page = "```python raises\nprint('before')\nint('x')\n```\n\n```python raises\n1 +\n```\n\n```python\n5\n```\n"
    assert shown(run_page(page)) == [
        ("text", "before\n"),
        ("error", "ValueError: invalid literal for int() with base 10: 'x'"),
        ("error", "SyntaxError: invalid syntax"),
        ("value", "5"),
    ]


def test_blocks_share_one_main_module(run_page):
    page = fence(
        "from __future__ import annotations\nimport pickle\nclass A:\n    pass",
        "import __main__, sys\npickle.loads(pickle.dumps(A())).__class__ is A, __main__.A is A, __name__",
        "def f(x: undefined_name): ...\nf.__annotations__",
    )
    assert shown(run_page(page)) == [("value", "(True, True, '__main__')"), ("value", "{'x': 'undefined_name'}")]


def test_a_class_of_the_page_is_saved_and_crosses_to_loader_workers(run_page):
    page = fence(
        "import torch\nfrom torch.utils.data import DataLoader, Dataset\n"
        "class Squares(Dataset):\n    def __len__(self): return 4\n    def __getitem__(self, i): return i * i\n"
        "torch.save(Squares(), 's.pt')\ntorch.load('s.pt', weights_only=False)[3]",
        "[b.tolist() for b in DataLoader(Squares(), batch_size=2, num_workers=1)]",
    )
    assert shown(run_page(page)) == [("value", "9"), ("value", "[[0, 1], [4, 9]]")]


def test_nothing_passes_from_one_page_to_the_next(run_page):
    spoil = (
        "import os, sys, random, torch, numpy as np, matplotlib.pyplot as plt, warnings\n"
        "os.environ['LEFT'] = '1'; os.makedirs('left'); torch.set_default_dtype(torch.float64)\n"
        "torch.manual_seed(1); np.random.seed(1); random.seed(1); plt.style.use('dark_background')\n"
        "sys.modules['json'] = None; sys.path.clear(); warnings.simplefilter('error')"
    )
    look = (
        "import os, json, torch, matplotlib.pyplot as plt\n"
        "print(os.environ.get('LEFT'), os.listdir('.'), torch.get_default_dtype(), plt.rcParams['lines.color'])"
    )
    run_page(fence(spoil))
    assert shown(run_page(fence(look))) == [("text", "None [] torch.float32 C0\n")]


def test_without_a_seed_two_runs_differ(run_page):
    page = fence("import random, numpy, torch\nprint(torch.rand(1).item(), numpy.random.rand(), random.random())")
    first, second = (shown(run_page(page))[0][1].split() for _ in range(2))
    assert all(a != b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\n1 / 0", 2, "ZeroDivisionError: division by zero"),
        ("x = (", 1, "SyntaxError"),
        ("import sys\nsys.exit(0)", 1, "would end the reader's Python"),
        ("raise KeyboardInterrupt", 1, "would end the reader's Python"),
        ("import os\nos._exit(0)", 1, "exit code 0"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", 1, "killed by SIGKILL"),
        ("import ctypes\nctypes.string_at(0)", 1, "killed by SIGSEGV"),
        ("print('x' * 100_001)", 1, "more than 100 kB"),
        ("while True:\n    print('x' * 1000)", 1, "more than 100 kB"),
        ("import numpy\nx = numpy.ones(10**10)", 2, "MemoryError"),
        ("import warnings\nwarnings.warn('old')", 1, "UserWarning: old"),
        ("import matplotlib.pyplot as plt\n_ = plt.plot([1])", 1, "without alt"),
        ("open('page.md')", 1, "FileNotFoundError"),
    ],
)
def test_every_bad_end_is_a_failure_that_names_its_line(run_page, source, line, message):
    result = run_page(fence("print('fine')", source))
    assert [part.text for part in result.outputs[0]] == ["fine\n"]
    assert len(result.outputs) == 1
    assert result.failure is not None
    assert result.failure.line == 7 + line
    assert result.failure.source == source
    assert message in result.failure.message


def test_a_block_that_should_raise_and_does_not_fails(run_page):
    assert "nothing was raised" in run_page(fence("1", words="raises")).failure.message


def test_an_endless_loop_ends_at_the_limit_with_what_it_started(run_page, tmp_path):
    flag = tmp_path / "alive"
    child = f"import time, pathlib\nwhile True: pathlib.Path({str(flag)!r}).touch(); time.sleep(0.05)"
    result = run_page(
        fence(f"import subprocess, sys\n_ = subprocess.Popen([sys.executable, '-c', {child!r}])\nwhile True: pass"), 2
    )
    assert re.search(
        r"still running after \d\.\d s of processor time; 2 is what a page may use .seconds in mkdocs.yml",
        result.failure.message,
    )
    assert 2 < result.seconds < 20
    time.sleep(0.3)
    flag.unlink(missing_ok=True)
    time.sleep(0.3)
    assert not flag.exists()


def test_the_limit_counts_what_a_page_starts(run_page):
    """A page that itself only waits, for a child that computes: one that runs still, and one after another that ended."""
    for source in (
        "import subprocess, sys\n_ = subprocess.run([sys.executable, '-c', 'while True: pass'])",
        "import subprocess, sys\nwhile True:\n    _ = subprocess.run([sys.executable, '-c', 'sum(range(10**7))'])",
    ):
        assert "s of processor time; 2 is" in run_page(fence(source), 2).failure.message


def test_what_sleeps_or_waits_ends_at_the_limit_by_the_clock(run_page):
    result = run_page(fence("import time\ntime.sleep(100_000)"), seconds=60, clock=3)
    assert (
        "still running after 3 s by the clock (clock in mkdocs.yml), of which it computed 0." in result.failure.message
    )
    assert result.seconds < 2


def test_a_page_that_is_kept_waiting_is_not_failed_by_the_limit(run_page, tmp_path):
    """Longer by the clock than its limit, as on a machine that has other work, and less in processor time."""
    result = run_page(fence("import time\nfor _ in range(30):\n    time.sleep(0.1)\nprint('done')"), seconds=2)
    assert shown(result) == [("text", "done\n")]


def test_a_thread_or_child_left_behind_does_not_hold_up_the_page(run_page):
    page = fence(
        "import threading, time, os\nthreading.Thread(target=time.sleep, args=(10_000,)).start()\n"
        "if os.fork() == 0:\n    time.sleep(10_000)\nprint('done')"
    )
    assert shown(run_page(page, clock=3000)) == [("text", "done\n")]


def test_what_changes_from_run_to_run_is_refused_by_the_run_itself(run_page):
    for source, said in (
        ("object()", "its last expression is shown, and that is an object with an address"),
        ("print(object())", "it shows an object's address"),
        ("import os\nos.getcwd()", "it shows where it runs"),
        ("import tempfile\nprint(tempfile.gettempdir())", "it shows where it runs"),
    ):
        assert said in run_page(fence(source)).failure.message
    line = run_page(fence("import matplotlib.pyplot as plt\nplt.plot([1])", words='alt="x"'))
    assert "matplotlib.lines.Line2D" in line.failure.message
    assert "End a block that draws with plt.show()" in line.failure.message
    assert run_page(fence("print('sold at 0x7f for <b>')")).failure is None


def test_a_figure_that_is_drawn_on_after_it_was_shown_is_refused(run_page):
    page = '```python alt="a line"\nimport matplotlib.pyplot as plt\nfig, axes = plt.subplots()\n_ = axes.plot([1, 2])\n```\n\n'
    result = run_page(page + "```python\n_ = axes.plot([2, 1])\n```\n")
    assert "it draws on a figure that was shown before" in result.failure.message
    assert run_page(page + "```python\nlen(axes.lines)\n```\n").failure is None


def test_the_same_figure_gives_the_same_bytes_with_no_header_and_ids_of_its_own(run_page):
    page = '```python alt="bars & <lines>"\nimport matplotlib.pyplot as plt\nplt.bar([1, 2], [3, 4])\nplt.show()\n```\n'
    first, second = (run_page(page + page).outputs for _ in range(2))
    assert first == second
    one = first[0][0].svg
    assert one.startswith('<svg role="img" aria-label="bars &amp; &lt;lines&gt;"')
    assert "metadata" not in one
    assert "<?xml" not in one
    assert "#000000" not in one
    assert "<style" not in one
    shown_twice = [output_html(output, f"page-{number}") for number, output in enumerate(first)]
    ids = [set(re.findall(r'(?<= id=")[^"]*', html)) for html in shown_twice]
    assert ids[0]
    assert not ids[0] & ids[1]
    for html, own in zip(shown_twice, ids, strict=True):
        used = set(re.findall(r'(?:url\(|href=")#([^")]*)', html))
        assert used
        assert used <= own


def test_a_figure_is_put_into_words_whatever_it_plots(run_page):
    page = '```python alt="all kinds"\nimport matplotlib.pyplot as plt\nimport numpy as np\n\nfig, axes = plt.subplots(1, 4)\n'
    page += (
        'axes[0].plot([0.9, 0.94], ["plain", "cnn"])\naxes[1].bar(["a", "b"], [1, 2.5])\naxes[1].set_title("bars")\n'
    )
    page += "axes[2].scatter([1, 2], [3, 4], c=[0.1, 0.2])\naxes[3].imshow(np.eye(2))\naxes[3].text(0, 0, 'x')\nplt.show()\n```\n"
    result = run_page(page)
    assert result.failure is None
    assert result.outputs[0][0].words.split("\n") == [
        "6.4 by 4.8 inches",
        "axes ",
        "  x from 0.90 to 0.94",
        "  y from -0.05 to 1.05",
        "  y ticks 0: plain, 1: cnn",
        "  line #1f77b4 - x 2 numbers, mean 0.92: 0.90 0.94",
        "  line y 2 numbers, mean 0.50: 0.00 1.00",
        "axes bars",
        "  x from -0.49 to 1.49",
        "  x ticks 0: a, 1: b",
        "  y from 0.0 to 2.6",
        "  patch #1f77b4 10 numbers, mean 0.16: -0.40 0.00 0.40 0.00 0.40 1.00 -0.40 1.00 -0.40 0.00",
        "  patch #1f77b4 10 numbers, mean 1.0: 0.6 0.0 1.4 0.0 1.4 2.5 0.6 2.5 0.6 0.0",
        "axes ",
        "  x from 0.9 to 2.0",
        "  y from 3.0 to 4.0",
        "  points 4 numbers, mean 2.5: 1.0 3.0 2.0 4.0",
        "  colors viridis 2 numbers, mean 0.15: 0.10 0.20",
        "axes ",
        "  x from -0.50 to 1.50",
        "  y from 1.50 to -0.50",
        "  text at 0.25 0.75: x",
        "  image viridis 4 numbers, mean 0.50: 1.00 0.00 0.00 1.00",
    ]

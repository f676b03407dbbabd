"""Other seeds: whatever a page sets a seed by is moved, and as far as it should be."""

import re
from functools import cache

import pytest
from helpers.course import COURSE
from helpers.project import fence

from snippets.pages import Page, sets_seed
from snippets.run import Runner

SPLIT = "from sklearn.model_selection import train_test_split\n"
WAYS = {
    "torch": "import torch\n_ = torch.manual_seed(7)\ntorch.rand(3)",
    "torch.random": "import torch\n_ = torch.random.manual_seed(seed=7)\ntorch.rand(3)",
    "a name of one's own": "from torch import manual_seed, rand\n_ = manual_seed(7)\nrand(3)",
    "a generator": "import torch\ntorch.randperm(20, generator=torch.Generator().manual_seed(7))",
    "a split": "import torch\nfrom torch.utils.data import random_split\n"
    "random_split(range(20), [10, 10], torch.Generator().manual_seed(7))[0].indices",
    "a loader": "import torch\nfrom torch.utils.data import DataLoader\n"
    "[i.item() for i in DataLoader(range(20), shuffle=True, generator=torch.Generator().manual_seed(7))]",
    "NumPy's one state": "import numpy as np\nnp.random.seed(7)\nnp.random.rand(3)",
    "NumPy's generator": "import numpy as np\nnp.random.default_rng(7).random(3)",
    "NumPy's generator, named": "import numpy as np\nnp.random.default_rng(seed=7).random(3)",
    "a RandomState": "from numpy.random import RandomState\nRandomState(7).rand(3)",
    "a bit generator": "import numpy as np\nnp.random.Generator(np.random.PCG64(7)).random(3)",
    "a generator of one": "import numpy as np\nnp.random.default_rng(np.random.default_rng(7)).random(3)",
    "Python's random": "import random\nrandom.seed(7)\nrandom.random()",
    "a Random": "import random\nrandom.Random(7).random()",
    "scikit-learn": f"{SPLIT}train_test_split(range(20), random_state=7)[0]",
    "scikit-learn's data": "from sklearn.datasets import make_moons\nmake_moons(3, noise=0.1, random_state=7)[0][0]",
}


@cache
def runner() -> Runner:
    return Runner(COURSE, [page(code) for code in WAYS.values()], stays=True)


def page(code: str) -> Page:
    return Page.parse("a.md", fence(code), COURSE)


def moved(code: str, shift: int) -> object:
    result = runner().run(page(code), shift=shift)
    assert not result.failure, result.failure
    return result.outputs


@pytest.mark.parametrize("way", WAYS)
def test_a_seed_is_moved_by(way):
    code = WAYS[way]
    assert sets_seed(code)
    assert moved(code, 1000) == moved(re.sub(r"\b7\b", "1007", code), 0) != moved(code, 0)


@pytest.mark.parametrize(
    "code",
    [
        "import torch\ntorch.rand(3)",
        "import numpy as np\nnp.random.default_rng()",
        "split(rows, random_state=None)",
        "seed = 3",
        "random_state",
        "not Python",
    ],
)
def test_no_seed_is_seen_where_none_is_set(code):
    assert not sets_seed(code)


def test_a_seed_that_cannot_be_moved_is_an_error():
    drawn = page("import random\nrandom.Random(0.5).random()")
    assert "a seed that cannot be moved: 0.5" in runner().run(drawn, shift=1000).failure.message


def test_a_page_that_draws_without_a_seed_is_left_alone():
    assert moved("import random, torch\nlen([random.random(), torch.rand(1)])", 1000)

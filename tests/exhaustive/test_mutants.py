"""A sample of the mutation check: on these pages the records notice every change that a reader would."""

import pytest
from mutate import main

SAMPLE = [
    "tensors/operations",
    "networks/softmax",
    "training/loss-functions",
    "evaluation/metrics",
    "labs/untrained-digits",
]


@pytest.mark.parametrize("page", SAMPLE)
def test_every_change_is_noticed(page, capsys):
    missed = main([f"docs/{page}.md"])
    said = capsys.readouterr().out
    assert not missed, said
    assert "0 mutants" not in said

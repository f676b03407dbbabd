"""The portability runs: the pages' outputs agree with the record on other processors, as far as one machine can play them."""

import pytest
from helpers.project import ROOT, python_m

MACHINES = {
    "torch's own number of threads": {"SNIPPETS_TORCH_THREADS": "0", "OMP_WAIT_POLICY": "PASSIVE"},
    "no vector instructions": {"ATEN_CPU_CAPABILITY": "default"},
    "an older processor": {"ONEDNN_MAX_CPU_ISA": "SSE41", "ATEN_CPU_CAPABILITY": "avx2"},
}


@pytest.mark.parametrize("machine", MACHINES)
def test_outputs_agree_on(machine):
    # That a reader gets what the site shows does not hang on the processor: once is enough here.
    ran = python_m(ROOT, "pytest", "-q", "--no-header", "--run-once", "docs", **MACHINES[machine])
    assert ran.returncode == 0, ran.stdout

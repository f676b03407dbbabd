"""The portability runs: the pages' outputs agree with the record on other processors, as far as one machine can play them."""

import subprocess
import sys

import pytest
from conftest import ROOT

MACHINES = {
    "torch's own number of threads": {"SNIPPETS_TORCH_THREADS": "0", "OMP_WAIT_POLICY": "PASSIVE"},
    "no vector instructions": {"ATEN_CPU_CAPABILITY": "default"},
    "an older processor": {"ONEDNN_MAX_CPU_ISA": "SSE41", "ATEN_CPU_CAPABILITY": "avx2"},
}


@pytest.mark.parametrize("machine", MACHINES)
def test_outputs_agree_on(machine, monkeypatch):
    for name, value in MACHINES[machine].items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "docs"]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert ran.returncode == 0, ran.stdout

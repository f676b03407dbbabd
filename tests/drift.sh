#!/usr/bin/env bash
# Checks the pages with other releases than the pinned ones, in an environment of its own that is thrown away.
#
#   bash tests/drift.sh torch numpy matplotlib      the newest of each
#   bash tests/drift.sh matplotlib==3.10.8          this one, the rest as pinned
#
# The differing outputs are printed and left in drift.txt. Exits non-zero if there are any.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || { sed -n '2,7p' "$0" | cut -c3-; exit 2; }

environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT
python3 -m venv "$environment"
pip="$environment/bin/python -m pip install -q --disable-pip-version-check"

$pip -c constraints.txt -e ".[test]" ${CPU_INDEX:+--extra-index-url "$CPU_INDEX"}
# The project pins what decides an output, so pip notes a conflict here; that is what is being tried.
$pip --upgrade "$@" ${CPU_INDEX:+--extra-index-url "$CPU_INDEX"}

echo "Pages checked with: $($environment/bin/python -m pip freeze | grep -iE '^(torch|numpy|matplotlib|scikit-learn|torchmetrics)==' | tr '\n' ' ')" | tee drift.txt
"$environment/bin/python" -m pytest -q --no-header docs 2>&1 | tee -a drift.txt

#!/usr/bin/env bash
# Every test: contracts and style, then engines and features in parallel, then the journeys one at a time, because a
# browser, a server and its workers already fill two cores. All of them run before the verdict. RELAIS_PROOF=1 adds the
# long proofs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
verdict=0
short="not proof"
if [ -n "${RELAIS_PROOF:-}" ]; then short="journey or not journey"; fi

scripts/lint.sh || verdict=1
.venv/bin/python -m pytest -n 2 --dist worksteal -m "not journey and ($short)" || verdict=1
.venv/bin/python -m pytest -m "journey and not guide and ($short)" || verdict=1
exit "$verdict"

#!/usr/bin/env bash
# Every test: contracts and style, then engines and features, then the journeys, each time two at once. Journeys of one
# file share an installation, so they stay together. All of them run before the verdict. RELAIS_PROOF=1 adds the long
# proofs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
verdict=0
short="not proof"
if [ -n "${RELAIS_PROOF:-}" ]; then short="journey or not journey"; fi

scripts/lint.sh || verdict=1
.venv/bin/python -m pytest -n 2 --dist worksteal -m "not journey and ($short)" || verdict=1
.venv/bin/python -m pytest -n 2 --dist loadfile -m "journey and not guide and ($short)" || verdict=1
exit "$verdict"

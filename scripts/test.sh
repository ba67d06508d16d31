#!/usr/bin/env bash
# Every test: contracts and style, then engines and features, then the journeys, three at once: many wait for a database,
# a server or a browser. Journeys that share an installation stay together (tests/journeys/conftest.py). All of them run
# before the verdict. RELAIS_PROOF=1 adds the long proofs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
verdict=0
short="not proof"
if [ -n "${RELAIS_PROOF:-}" ]; then short="journey or not journey"; fi

# The databases of the tests are made anew by the thousand and outlive nothing: in memory, where it has room for them.
memory=/dev/shm
free=$(df --output=avail -k "$memory" 2>/dev/null | tail -n 1 || true)
if [ -z "${PYTEST_DEBUG_TEMPROOT:-}" ] && [ "${free:-0}" -gt 4000000 ]; then
    PYTEST_DEBUG_TEMPROOT=$(mktemp -d "$memory/relais-XXXXXX")
    export PYTEST_DEBUG_TEMPROOT
    chmod 711 "$PYTEST_DEBUG_TEMPROOT"
    trap 'rm -rf "$PYTEST_DEBUG_TEMPROOT"' EXIT
fi

scripts/lint.sh || verdict=1
.venv/bin/python -m pytest -n 3 --dist worksteal -m "not journey and ($short)" --ignore tests/journeys || verdict=1
.venv/bin/python -m pytest -n 3 --dist loadgroup -m "journey and not guide and ($short)" tests/journeys tests/house/test_ground.py || verdict=1
exit "$verdict"

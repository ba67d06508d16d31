#!/usr/bin/env bash
# Compile the message catalogues whose text is newer than what was compiled from it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=templates/translations

stale() {
    local po
    for po in "$folder"/*/LC_MESSAGES/*.po; do
        if [ -f "$po" ] && [ ! "${po%.po}.mo" -nt "$po" ]; then return 0; fi
    done
    return 1
}

if stale; then .venv/bin/pybabel --quiet compile --directory "$folder"; fi

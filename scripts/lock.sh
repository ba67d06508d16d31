#!/usr/bin/env bash
# Write the lock files again: exact versions for every supported Python, with hashes and without any address.
# Existing pins stay unless they no longer fit; `scripts/lock.sh --upgrade` moves everything to its newest version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ ! -x .tools/bin/uv ]; then
    python3 -m venv .tools
    .tools/bin/python -m pip --disable-pip-version-check -qq install uv
fi
for name in requirements requirements-lint requirements-dev; do
    echo "Locking $name.in …"
    .tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        "$@" -o "$name.lock" "$name.in"
done

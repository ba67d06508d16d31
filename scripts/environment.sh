#!/usr/bin/env bash
# Bring .venv/ to what the locks say. `environment.sh run` for running Relais, `environment.sh test` to test it too.
# A stamp named after the locks is written last, so that an interrupted installation is done again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
purpose=${1:-run}

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
hash_of() { cat "$@" | sha256sum | cut -c 1-16; }

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null && new_enough "$name"; then echo "$name"; return; fi
    done
    fail "Relais needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python make $purpose."
}

whole() { new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }

create() {
    local python
    python=$(find_python)
    say "Creating the Python environment in .venv …"
    rm -rf .venv
    "$python" -m venv .venv >/dev/null || fail "$python cannot create environments: install the package python3-venv."
    whole || fail "The environment in .venv has no pip: install the package python3-venv."
}

install() { .venv/bin/python -m pip --disable-pip-version-check -qq install --no-input "$@"; }

# The project itself is installed once and found where it stands: only a change of its description asks for it again.
run_stamp=.venv/.lock-run-$(hash_of requirements.lock requirements-lint.lock pyproject.toml)
test_stamp=.venv/.lock-test-$(hash_of requirements.lock requirements-dev.lock pyproject.toml)
here=$(pwd -P)
moved() { compgen -G '.venv/.lock-*' >/dev/null && ! grep -qsxF "$here" .venv/.lock-*; }
current() { [ -f "$1" ] && [ "$(cat "$1")" = "$here" ] && [ -x .venv/bin/relais ]; }

if [ "$purpose" = test ]; then stamp=$test_stamp; else stamp=$run_stamp; fi
if current "$stamp" && new_enough .venv/bin/python; then exit 0; fi

if moved || ! whole; then create; fi
rm -f .venv/.lock-*
say "Installing what Relais needs, each package checked against its hash …"
if [ "$purpose" = test ]; then
    install --require-hashes -r requirements-dev.lock
else
    install --require-hashes -r requirements.lock
    install --require-hashes -r requirements-lint.lock
fi
# setuptools comes from the lock, so nothing is fetched that no hash covers.
install --no-deps --no-build-isolation -e .
[ -x .venv/bin/lint-imports ] || fail "lint-imports is missing from .venv after the installation."
echo "$here" >"$run_stamp"
if [ "$purpose" = test ]; then echo "$here" >"$test_stamp"; fi

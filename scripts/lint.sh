#!/usr/bin/env bash
# The import contracts and the style; both are looked at before the verdict.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
verdict=0
.venv/bin/lint-imports || verdict=1
.venv/bin/ruff check . || verdict=1
.venv/bin/ruff format --check . || verdict=1
exit "$verdict"

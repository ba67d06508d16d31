#!/usr/bin/env bash
# Run each benchmark in turn; each prints its own figures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
shopt -s nullglob
found=(benchmarks/bench_*.py)
if [ ${#found[@]} -eq 0 ]; then echo "There is no benchmark yet."; exit 0; fi
for file in "${found[@]}"; do
    echo "== ${file#benchmarks/}"
    .venv/bin/python "$file"
done

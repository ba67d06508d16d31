#!/usr/bin/env bash
# Start Relais where PORT and RELAIS_HOME say; an empty home is first filled with demonstration data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
: "${PORT:=8000}" "${RELAIS_HOME:=./var}"
export PORT RELAIS_HOME
export PATH="$PWD/.venv/bin:$PATH"
# Stands while the demonstration is being written, so that an interrupted first start is taken up again.
unfinished=$RELAIS_HOME/.demonstration-unfinished

empty() { [ -z "$(ls -A "$RELAIS_HOME" 2>/dev/null)" ]; }

# A database named by the user may hold real households: invented ones are never added to it.
if [ -z "${DATABASE_URL:-}" ] && { empty || [ -f "$unfinished" ]; }; then
    echo "Preparing the demonstration in $RELAIS_HOME …"
    (umask 077 && mkdir -p "$RELAIS_HOME")
    : >"$unfinished"
    relais demo
    rm -f "$unfinished"
fi
exec relais serve

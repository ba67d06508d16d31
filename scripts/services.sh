#!/usr/bin/env bash
# Make sure that the programs the tests need are on this machine; install them through apt when allowed.
set -euo pipefail

missing() {
    command -v "${CHROMIUM:-chromium}" >/dev/null || echo chromium
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
    command -v redis-server >/dev/null || echo redis-server
    { command -v pdfsig && command -v pdftotext && command -v pdftoppm; } >/dev/null || echo poppler-utils
    command -v qpdf >/dev/null || echo qpdf
    command -v softhsm2-util >/dev/null || echo softhsm2
    # LibreOffice is another reader of our DOCX, for the long proofs only.
    [ -z "${RELAIS_PROOF:-}" ] || command -v soffice >/dev/null || echo libreoffice-writer
    # JavaRosa, the engine of the phone, is the second opinion on formulas: its class of ours is compiled when tests run.
    { command -v java && command -v javac; } >/dev/null || echo openjdk-17-jdk-headless
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

packages=$(missing | tr '\n' ' ')
if [ -z "$packages" ]; then exit 0; fi
if ! may_install; then
    echo "The tests need programs that are not on this machine: ${packages% }. Install these packages and start again." >&2
    exit 1
fi
echo "Installing for the tests: ${packages% } …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086  # a list of names
if ! { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends $packages; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "These packages could not be installed: ${packages% }." >&2
    exit 1
fi
packages=$(missing | tr '\n' ' ')
if [ -n "$packages" ]; then
    echo "Still missing after the installation: ${packages% }." >&2
    exit 1
fi

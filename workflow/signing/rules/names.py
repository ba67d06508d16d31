"""Whether a certificate bears the name of whoever is asked to sign: pure."""

from __future__ import annotations

import re

from workflow.people.rules import folded

_TITLES = frozenset(("m", "mr", "mme", "mlle", "monsieur", "madame", "me", "dr"))


def bears(certificate: str, name: str) -> bool:
    """Whether every word of the name stands in what the certificate says, in whatever order and however accented."""
    wanted = _words(name)
    return bool(wanted) and wanted <= _words(certificate)


def _words(said: str) -> set[str]:
    return set(re.findall(r"\w+", folded(said))) - _TITLES

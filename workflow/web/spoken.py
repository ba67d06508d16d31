"""The language of the page, and labels in it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import get_locale


def lang() -> str:
    """Two letters: fr, en."""
    return str(get_locale() or "fr")[:2]


def label(words: Mapping[str, str]) -> str:
    """A label of a circuit, a procedure or an operation in the reader's language, else in French."""
    return words.get(lang()) or words.get("fr") or next(iter(words.values()), "")

"""The language of the page, and labels in it."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError
from flask import g
from flask_babel import get_locale


def lang() -> str:
    """Two letters: fr, en."""
    return str(get_locale() or "fr")[:2]


def written(code: str) -> dict[str, str]:
    """How a part of a page in another language is marked: {"lang": …, "dir": ltr or rtl}, empty for an unknown code."""
    found = _locale(code)
    return {"lang": code, "dir": found.text_direction} if found else {}


def named(code: str) -> str:
    """A language by its own name, as whoever speaks it looks for it: français, العربية."""
    found = _locale(code)
    return (found.get_display_name(found) if found else None) or code


def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def ours() -> dict[str, str]:
    """Marks words of the page itself inside a part in another language (see `g.spoken_beside`)."""
    return written(lang()) if g.get("spoken_beside") else {}


def theirs(code: str) -> dict[str, str]:
    """Marks words in a language of their own; nothing without one."""
    return written(code) if code and g.get("spoken_beside") else {}


def asks() -> bool:
    """Whether the page has a panel that says why each question is asked."""
    return bool(g.get("tells_why"))


def label(words: Mapping[str, str]) -> str:
    """A label of a circuit, a procedure or an operation in the reader's language, else in French."""
    return words.get(lang()) or words.get("fr") or next(iter(words.values()), "")

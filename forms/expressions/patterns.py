"""Regular expressions of the dialect: understood as the phone understands them, and never longer than a moment.

The two reference engines read `\\d`, `\\w` and `\\s` as ASCII (é is not `\\w`), and the phone knows `\\p{L}`. A pattern
that backtracks without end is given up: see docs/decisions/regular-expressions.md.
"""

from __future__ import annotations

from functools import lru_cache

import regex

MAX_PATTERN = 1_000
MOST_SECONDS = 0.05
_ASCII = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f\v"}


class UnreadablePattern(ValueError):
    """The text is not a regular expression; the message is the library's own, in English."""


@lru_cache(maxsize=512)
def pattern(text: str) -> regex.Pattern[str]:
    """Compiled and kept. Raises UnreadablePattern."""
    if len(text) > MAX_PATTERN:
        raise UnreadablePattern("too long")
    try:
        return regex.compile(_ascii(text))
    except (regex.error, RecursionError, OverflowError) as fault:
        raise UnreadablePattern(str(fault)) from fault


def matches(text: str, expression: str) -> bool:
    """Whether the whole text matches, as on the phone (the web engine searches inside: the linter warns).

    A pattern that cannot be read, or takes longer than a moment, matches nothing: the answer is refused rather than
    the server held up.
    """
    try:
        return pattern(expression).fullmatch(text, timeout=MOST_SECONDS) is not None
    except (UnreadablePattern, TimeoutError):
        return False


def _ascii(text: str) -> str:
    r"""The same expression with `\d`, `\w`, `\s` and their opposites spelled out as ASCII classes."""
    written: list[str] = []
    inside, place = False, 0
    while place < len(text):
        taken = text[place : place + 2] if text[place] == "\\" else text[place]
        inside = taken == "[" or (inside and taken != "]")
        written.append(_spelled(taken, inside))
        place += len(taken)
    return "".join(written)


def _spelled(taken: str, inside: bool) -> str:
    letter = taken[1:].lower()
    if letter not in _ASCII:
        return taken
    if taken[1:] == letter:
        return _ASCII[letter] if inside else f"[{_ASCII[letter]}]"
    return taken if inside else f"[^{_ASCII[letter]}]"

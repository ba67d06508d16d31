"""Codes that open a survey: sixteen signs in groups of four, easy to say on the telephone and to type.

Thirty-two signs, so eighty bits; neither I, L, O nor U: who types one of the first three means 1 or 0.
"""

from __future__ import annotations

from collections.abc import Callable

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4
LONGEST = 60  # characters that are looked at, whatever was typed
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(choice: Callable[[str], str]) -> str:
    """choice: a source of chance that nobody can foresee."""
    return "".join(choice(SIGNS) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """0123456789ABCDEF → "0123 4567 89AB CDEF"."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def normalised(typed: str) -> str:
    """What was typed as a code, "" when it cannot be one: spaces, dashes, points and small letters do not matter."""
    told = "".join(sign for sign in typed[:LONGEST].upper() if sign.isalnum()).translate(_MEANT)
    return told if len(told) == LENGTH and set(told) <= set(SIGNS) else ""

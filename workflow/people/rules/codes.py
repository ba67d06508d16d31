"""Codes that people copy from paper: groups of four signs that nobody mistakes for one another."""

from __future__ import annotations

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # neither I, L nor 1; neither O nor 0
LENGTH, GROUP = 12, 4  # 31 ** 12 is some 59 bits: enough for seven days and counted attempts


def grouped(code: str) -> str:
    """ABCDEFGHJKMN → "ABCD EFGH JKMN"."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def normalised(typed: str) -> str:
    """What somebody typed, without spaces or dashes, in capitals. Signs that are in no code are left as they are."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())

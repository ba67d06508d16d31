"""What an assignment gives, on a given day."""

from __future__ import annotations

from datetime import date

COMMON_PASSWORDS = frozenset(
    ("motdepasse", "azertyuiop", "123456789012", "password1234", "grenoble2026", "relogement", "qwertyuiop12")
)
SHORTEST = 12


def in_force(since: date, until: date | None, today: date) -> bool:
    """An assignment holds from its first day to its last, both included."""
    return since <= today and (until is None or today <= until)


def weakness(password: str, login: str) -> str | None:
    """Why a password will not do: short | common | login; None when it will."""
    folded = password.casefold().strip()
    if len(password) < SHORTEST:
        return "short"
    if folded in COMMON_PASSWORDS or len(set(folded)) < 4:
        return "common"
    if login.split("@", maxsplit=1)[0].casefold() in folded:
        return "login"
    return None

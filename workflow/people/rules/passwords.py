"""What a password must be."""

from __future__ import annotations

COMMON_PASSWORDS = frozenset(
    ("motdepasse", "azertyuiop", "123456789012", "password1234", "grenoble2026", "relogement", "qwertyuiop12")
)
SHORTEST = 12

WEAK = {
    "short": "Choose at least %(count)s characters, for example four words.",
    "common": "This password is too easy to guess.",
    "login": "Do not use your own address in the password.",
}


def weakness(password: str, login: str) -> str | None:
    """Why a password will not do: short | common | login; None when it will."""
    told = password.casefold().strip()
    if len(password) < SHORTEST:
        return "short"
    if told in COMMON_PASSWORDS or len(set(told)) < 4:
        return "common"
    if login.split("@", maxsplit=1)[0].casefold() in told:
        return "login"
    return None

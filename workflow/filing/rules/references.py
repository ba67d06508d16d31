"""References of papers: short enough to read aloud, without signs that are taken for one another."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

PREFIX = "RL"
ALPHABET = (
    "23456789BCDFGHJKMNPQRSTVWXZ"  # neither 0 O, 1 I L, U V pairs, nor vowels: no sign is doubtful, no word appears
)
LENGTH = 8  # 27^8: two hundred and eighty thousand million, so that nobody finds one by trying


def new_reference(choose: Callable[[str], str]) -> str:
    """`choose` picks one sign of an alphabet at random: "RL-7K3M-9Q2F"."""
    return _spelled("".join(choose(ALPHABET) for _ in range(LENGTH)))


def read_reference(typed: str) -> str | None:
    """A reference as somebody typed or scanned it, in its one spelling; None when it cannot be one."""
    signs = re.sub(r"[^0-9A-Z]", "", typed.upper()[:40]).removeprefix(PREFIX)
    if len(signs) != LENGTH or not set(signs) <= set(ALPHABET):
        return None
    return _spelled(signs)


def _spelled(signs: str) -> str:
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


def paper_id(subject: str, version: int, kind: str, audience: str, lang: str, *, turn: int = 0) -> str:
    """The id of the paper that tells this: asked for twice, it is the same row. `turn` counts the annulled ones."""
    told = "\n".join((subject, str(version), kind, audience, lang, *((str(turn),) if turn else ())))
    return sha256(told.encode()).hexdigest()[:32]

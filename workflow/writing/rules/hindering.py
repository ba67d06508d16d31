"""What hinders a letter to one household, said before anything leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Hindrance = list[Any]
"""[English msgid, its parameters], or nothing."""

NO_NAME = "The name of this household is not known."
NO_ADDRESS = "The address of this household is not known."
LEFT = "This household has left the operation."
ERASED = "The data of this household were erased."
MERGED = "This household was entered twice: the other one is written to."
MISSING = "Not answered for this household: %(label)s."
REFUSED = "The model cannot be written for this household: %(why)s"
NO_RIGHT = "Whoever asked for this letter no longer follows this household."
FAILED = "This letter could not be written. The person who runs this server has been told."

_LEFT = ("left", "closed")


@dataclass(frozen=True)
class Recipient:
    """What is asked of a household before one writes to it."""

    name: str
    address: str
    state: str
    merged: bool


def hindrance(one: Recipient) -> Hindrance:
    """The first thing that hinders it; empty when nothing does."""
    if one.merged:
        return [MERGED, {}]
    if one.state == "purged":
        return [ERASED, {}]
    if one.state in _LEFT:
        return [LEFT, {}]
    if not one.name:
        return [NO_NAME, {}]
    return [] if one.address else [NO_ADDRESS, {}]

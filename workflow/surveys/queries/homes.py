"""Households as a survey knows them. Who they are is handed in at start: their files are another journey's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workflow.access import Identity


class Home(Protocol):
    """What a survey reads of a household."""

    id: str
    reference: str
    name: str
    address: str
    phone: str | None
    lang: str
    landlord: str
    building_id: str | None
    referent: str | None


@dataclass(frozen=True)
class Homes:
    """rehoused: those of an operation that moved and that this person may know of, in the order of their references.
    known: by id, those of these that this person may know of. moved: how many of an operation moved.
    """

    rehoused: Callable[[Identity, str], Sequence[Home]]
    known: Callable[[Identity, Collection[str]], Mapping[str, Home]]
    moved: Callable[[str], int]


_given: list[Homes] = []


def register_homes(homes: Homes) -> None:
    """Handed in at start by the application."""
    _given[:] = [homes]


def homes() -> Homes:
    return _given[0]

"""What is known of an operation before a file is brought in. Handed in by the caller: nothing is looked up here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflow.dossiers.rules import folded


@dataclass(frozen=True)
class Place:
    """A building."""

    id: str
    names: tuple[str, ...]  # how it may be written
    address: str
    landlord: str
    zone: str


@dataclass(frozen=True)
class Known:
    """A household that is there. `told`: its columns. One merged into another stands for that other, `values` empty."""

    id: str
    reference: str
    told: Mapping[str, Any]
    merged: bool = False


@dataclass(frozen=True)
class World:
    """landlords, zones, referents, states: {what it may be called: its id}; `landlord` when there is only one."""

    places: tuple[Place, ...]
    landlords: Mapping[str, str]
    zones: Mapping[str, str]
    referents: Mapping[str, str]
    states: Mapping[str, str]
    known: tuple[Known, ...] = ()
    landlord: str = ""
    named: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # {field: {id: how it is shown}}

    @cached_property
    def place_by_name(self) -> dict[str, Place]:
        return {folded(name): place for place in reversed(self.places) for name in place.names if folded(name)}

    @cached_property
    def place_by_id(self) -> dict[str, Place]:
        return {place.id: place for place in self.places}

    @cached_property
    def by_tenant(self) -> dict[str, Known]:
        found = {tenant_key(row.told.get("tenant_reference")): row for row in _merged_last(self.known)}
        return {key: row for key, row in found.items() if key}

    @cached_property
    def by_dwelling(self) -> dict[tuple[str, str, str], Known]:
        return {dwelling_key(row.told): row for row in _merged_last(self.known)}

    @cached_property
    def doors(self) -> dict[tuple[str, str], Known]:
        """Who is known behind a door, whatever the name."""
        return {dwelling_key(row.told)[:2]: row for row in self.known if not row.merged}


def _merged_last(known: Iterable[Known]) -> list[Known]:
    """So that of two with the same key the one that stays wins."""
    return sorted(known, key=lambda row: not row.merged)


def tenant_key(reference: str | None) -> str:
    """ "0042-118" and "0042 118" are the same number."""
    return folded(reference or "").replace(" ", "")


def dwelling_key(told: Mapping[str, Any]) -> tuple[str, str, str]:
    """(place, door, name): the place is a building, or a written address."""
    place = told.get("building_id") or folded(told.get("address") or "")
    return place, folded(told.get("dwelling") or "").replace(" ", ""), folded(told.get("name") or "")

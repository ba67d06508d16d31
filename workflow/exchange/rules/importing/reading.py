"""A row of a file → what it says of a household, or what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.dossiers.rules import folded
from workflow.exchange.rules.importing import cells
from workflow.exchange.rules.importing.cells import Misread, shown
from workflow.exchange.rules.importing.columns import BY_NAME
from workflow.exchange.rules.importing.sheet import Row, Value, letters
from workflow.exchange.rules.importing.world import World

Told = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """Something wrong, or worth a look, in a row. column: its letters ("" for the row as a whole). `message` is an
    English msgid; params may quote the file and are therefore never kept."""

    row: int
    column: str
    field: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Reader:
    """Reads rows of one sheet, given what each column holds and what the operation knows."""

    def __init__(self, mapping: Mapping[str, str], world: World) -> None:
        self.columns = {name: column for column, name in mapping.items()}
        self.world = world
        self._read: dict[str, Callable[[Value], Any]] = {
            "building": self._building,
            "surface": lambda value: cells.decimal(value, 5, 999),
            "persons": lambda value: cells.count(value, 1, 30),
            "dwelling_type": cells.dwelling_type,
            "phone": cells.phone,
            "email": cells.email,
            "landlord": lambda value: self._one_of(value, world.landlords, "landlord"),
            "zone": lambda value: self._one_of(value, world.zones, "zone"),
            "referent": lambda value: self._one_of(value, world.referents, "referent"),
            "state": lambda value: self._one_of(value, world.states, "state"),
            "since": self._since,
        }

    def read(self, number: int, row: Row, today: date) -> tuple[Told, list[Finding]]:
        """What the row says (empty cells say nothing), and what is wrong in it."""
        told: Told = {}
        wrong: list[Finding] = []
        at = {letters(column): value for column, value in row.items()}
        for name, column in self.columns.items():
            if column not in at:
                continue
            try:
                told[name] = self._value(name, at[column])
            except Misread as slip:
                wrong.append(Finding(number, column, name, slip.code, slip.message, slip.params))
        said = {finding.field for finding in wrong}
        wrong += [self._lacks(number, name) for name in ("name", "dwelling") if not told.get(name) and name not in said]
        if not {"building", "address"} & ({*told} | said):
            wrong.append(self._lacks(number, "building"))
        if told.get("since") and told["since"] > today:
            wrong.append(self._finding(number, "since", "future", "This day is still to come."))
        return told, wrong

    def _value(self, name: str, value: Value) -> Any:
        read = self._read.get(name)
        return read(value) if read else cells.text(value, BY_NAME[name].longest)

    def _since(self, value: Value) -> date:
        found = cells.day(value)
        if found.year < 1950:
            raise Misread("day", "“%(value)s” is not a date. Write for example 12/03/2026.", value=shown(value))
        return found

    def _building(self, value: Value) -> str:
        place = self.world.place_by_name.get(folded(cells.text(value, 300)))
        if place is None:
            names = [found.names[0] for found in self.world.places]
            raise Misread(
                "building",
                "No building of the operation is called “%(value)s”. Those it has: %(known)s",
                value=shown(value),
                known=", ".join(names[:12]) + ("…" if len(names) > 12 else "") or "–",
            )
        return place.id

    def _one_of(self, value: Value, known: Mapping[str, str], name: str) -> str:
        found = known.get(folded(cells.text(value, 320)))
        if found is None:
            raise Misread(name, _UNKNOWN[name], value=shown(value))
        return found

    def _lacks(self, number: int, name: str) -> Finding:
        return self._finding(number, name, "missing", "Nothing is written here, and the import needs it.")

    def _finding(self, number: int, name: str, code: str, message: str, **params: Any) -> Finding:
        return Finding(number, self.columns.get(name, ""), name, code, message, params)


_UNKNOWN = {
    "landlord": "No landlord of the operation is called “%(value)s”.",
    "zone": "No part of the operation is called “%(value)s”.",
    "referent": "Nobody called “%(value)s” follows households in this operation.",
    "state": "“%(value)s” is not a situation Relais knows. Write for example “à contacter”.",
}

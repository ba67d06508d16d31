"""Every row of a sheet, judged: a new household, one already there, one that differs, or a row that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.exchange.rules.importing.columns import Header
from workflow.exchange.rules.importing.reading import Finding, Reader, Told
from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import Sheet, letters
from workflow.exchange.rules.importing.world import Known, World, dwelling_key, tenant_key

NEW, KNOWN, CHANGED, WRONG = "new", "known", "changed", "wrong"
COMPARED = (
    *("name", "building_id", "address", "entrance", "floor", "dwelling", "dwelling_type", "surface", "persons"),
    *("phone", "email", "landlord", "zone", "tenant_reference", "referent"),
)
"""What a file may change of a household that is there. Its situation follows from its course, never from a file."""


@dataclass(frozen=True)
class Line:
    """One row. told: columns of a household. changes: {column: (known, in the file)}. notes: worth a look, no fault."""

    number: int
    verdict: str
    told: Mapping[str, Any]
    known: Known | None = None
    changes: Mapping[str, tuple[Any, Any]] | None = None
    wrong: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def counts(lines: list[Line]) -> dict[str, int]:
    return dict.fromkeys((NEW, KNOWN, CHANGED, WRONG), 0) | Counter(line.verdict for line in lines)


def refuse_unusable(sheet: Sheet, header: Header) -> None:
    """Raises FileRefused for a sheet of titles alone, and for merged cells.

    A merged cell leaves rows without their own value: nobody can say what they hold. Headings above do no harm.
    """
    last = max(sheet.rows)
    if last <= header.row:
        raise FileRefused("no_rows", sheet=sheet.name)
    found = [area for area in sheet.merged if area[2] >= header.row and area[0] <= last]
    if found:
        names = [f"{letters(left)}{top}:{letters(right)}{bottom}" for top, left, bottom, right in found]
        raise FileRefused(
            "merged",
            sheet=sheet.name,
            ranges=", ".join(names[:5]) + (", …" if len(names) > 5 else ""),
        )


def understood(sheet: Sheet, header: Header, mapping: Mapping[str, str], world: World, today: date) -> Iterator[Line]:
    """The rows under the titles, in order. Of two rows for the same household, the second is wrong."""
    reader = Reader(mapping, world)
    seen: dict[Any, int] = {}
    wanted = {column for column in mapping}
    for number, row in sheet.rows.items():
        if number <= header.row or not any(letters(column) in wanted for column in row):
            continue
        told, wrong = reader.read(number, row, today)
        if not wrong:
            told, wrong = _completed(told, number, reader)
        if not wrong:
            wrong = _repeated(told, number, reader, seen)
        yield Line(number, WRONG, told, wrong=tuple(wrong)) if wrong else _compared(told, number, reader)


def _completed(told: Told, number: int, reader: Reader) -> tuple[Told, list[Finding]]:
    """What follows from the building, and one name out of two columns."""
    place = reader.world.place_by_id.get(told.pop("building", ""))
    first = told.pop("first_name", "")
    if first:
        told["name"] = f"{told['name']} {first}"
    told["building_id"] = place.id if place else None
    for name, of_place in (("address", "address"), ("landlord", "landlord"), ("zone", "zone")):
        if not told.get(name) and place and getattr(place, of_place):
            told[name] = getattr(place, of_place)
    told.setdefault("landlord", reader.world.landlord)
    if not told["landlord"]:
        message = "Nothing says who the landlord is: the building has none. Give it in a column “Bailleur”."
        return told, [Finding(number, "", "landlord", "no_landlord", message)]
    return told, []


def _repeated(told: Told, number: int, reader: Reader, seen: dict[Any, int]) -> list[Finding]:
    keys = [("door", *dwelling_key(told))]
    if tenant := tenant_key(told.get("tenant_reference")):
        keys.append(("tenant", tenant))
    first = next((seen[key] for key in keys if key in seen), None)
    for key in keys:
        seen.setdefault(key, number)
    if first is None:
        return []
    message = "The same household stands in row %(row)s already."
    return [Finding(number, "", "name", "twice", message, {"row": first})]


def _compared(told: Told, number: int, reader: Reader) -> Line:
    world = reader.world
    by_tenant = world.by_tenant.get(tenant_key(told.get("tenant_reference")))
    by_dwelling = world.by_dwelling.get(dwelling_key(told))
    if by_tenant and by_dwelling and by_tenant.id != by_dwelling.id:
        message = "The tenant reference is that of %(one)s, the name and the dwelling are those of %(other)s."
        params = {"one": by_tenant.reference, "other": by_dwelling.reference}
        return Line(number, WRONG, told, wrong=(reader._finding(number, "tenant_reference", "two", message, **params),))
    found = by_tenant or by_dwelling
    if found is None:
        return Line(number, NEW, told, notes=_behind_the_door(told, number, reader))
    changes = {} if found.merged else _changes(told, found, reader)
    return Line(number, CHANGED if changes else KNOWN, told, found, changes)


def _changes(told: Told, found: Known, reader: Reader) -> dict[str, tuple[Any, Any]]:
    """What the file itself says and is not what is known; an empty cell, or what was only deduced, changes nothing."""
    said = set(reader.columns) | ({"building_id"} if "building" in reader.columns else set())
    return {
        name: (found.told.get(name), told[name])
        for name in COMPARED
        if name in said and told.get(name) not in (None, "") and not _same(found.told.get(name), told[name])
    }


def _same(before: Any, after: Any) -> bool:
    if isinstance(after, float) and before is not None:
        return abs(float(before) - after) < 0.005
    return before == after or (isinstance(after, str) and " ".join(str(before or "").split()) == after)


def _behind_the_door(told: Told, number: int, reader: Reader) -> tuple[Finding, ...]:
    other = reader.world.doors.get(dwelling_key(told)[:2])
    if other is None:
        return ()
    message = "Another household is known in this dwelling: %(reference)s."
    return (reader._finding(number, "dwelling", "same_door", message, reference=other.reference),)

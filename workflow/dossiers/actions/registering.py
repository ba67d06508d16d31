"""Households entered in a page or from a file: they get their reference here, dense and never twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select

from workflow import clock
from workflow.db import db, new_id, unscoped
from workflow.dossiers.actions.households import PLAIN
from workflow.dossiers.actions.referents import note_referent
from workflow.dossiers.models import Household
from workflow.dossiers.rules import prefixes, search_text
from workflow.errors import Moved
from workflow.operations.models import Operation
from workflow.record import actions as record
from workflow.record.models import chain_of

AT_ONCE = 500  # rows of one insert


def register_household(operation: str, told: Mapping[str, Any], by: str) -> Household:
    """Enter a household that nobody knows yet. `told`: columns of PLAIN without the reference."""
    reference = _following(operation, 1)[0]
    values = _columns(operation, reference, told)
    row = Household(**values)
    db.session.add(row)
    db.session.flush()
    record.note(chain_of(operation), f"household:{row.id}", "HouseholdPut", {"person": by})
    if row.referent:
        note_referent(row, None, by)
    return row


def register_households(operation: str, told: Sequence[Mapping[str, Any]], by: str) -> list[str]:
    """Enter many at once, in their order; their references.

    The caller appends the one fact that tells of all of them; who follows each is a fact of its own.
    """
    references = _following(operation, len(told)) if told else []
    rows = [_columns(operation, reference, one) for reference, one in zip(references, told, strict=True)]
    for first in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Household), rows[first : first + AT_ONCE])
    _note_referents(operation, {row["id"]: (None, row["referent"]) for row in rows if row["referent"]}, by)
    return references


def change_household(row: Household, version: int, told: Mapping[str, Any], by: str) -> bool:
    """Write what is told otherwise than it stands; whether anything was. Raises Moved when the row has gone on."""
    db.session.refresh(row, with_for_update=True)
    if row.version != version:
        raise Moved("Somebody changed this household meanwhile.")
    followed_by = row.referent
    if not _take(row, told):
        return False
    record.note(chain_of(row.operation_id), f"household:{row.id}", "HouseholdPut", {"person": by})
    if row.referent != followed_by:
        note_referent(row, followed_by, by)
    return True


def change_households(operation: str, told: Mapping[str, Mapping[str, Any]], by: str) -> int:
    """Write {household: columns} for many at once; how many were otherwise. One fact for each that was."""
    rows = [row for some in _chunks(sorted(told)) for row in _locked(operation, some)]
    before = {row.id: row.referent for row in rows}
    changed = [row for row in rows if _take(row, told[row.id])]
    db.session.flush()
    noted: dict[str, dict[str, Any]] = {f"household:{row.id}": {} for row in changed}
    record.note_each(chain_of(operation), "HouseholdPut", {"person": by}, noted)
    moved = {row.id: (before[row.id], row.referent) for row in changed if before[row.id] != row.referent}
    _note_referents(operation, moved, by)
    return len(changed)


def _note_referents(operation: str, moved: Mapping[str, tuple[str | None, str | None]], by: str) -> None:
    """{household: (before, now)}, told as `note_referent` tells of one."""
    told = {f"household:{one}": {"referent": now, "before": before} for one, (before, now) in moved.items()}
    record.note_each(chain_of(operation), "ReferentSet", {"person": by}, told)


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]


def _locked(operation: str, ids: list[str]) -> list[Household]:
    asked = select(Household).where(Household.operation_id == operation, Household.id.in_(ids)).order_by(Household.id)
    return list(db.session.scalars(asked.with_for_update().execution_options(populate_existing=True)))


def _take(row: Household, told: Mapping[str, Any]) -> bool:
    """Write what is told otherwise than it stands; whether anything was."""
    changed = {name: told[name] for name in PLAIN if name in told and getattr(row, name) != told[name]}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(row, name, value)
    row.search = search_text(row.name, row.address, row.dwelling, row.reference, row.tenant_reference)
    row.version += 1
    return True


def _columns(operation: str, reference: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of a new row, so that many rows are one statement."""
    values = EMPTY | {name: told[name] for name in PLAIN if told.get(name) is not None} | {"reference": reference}
    words = (values[name] for name in ("name", "address", "dwelling", "reference", "tenant_reference"))
    return values | {
        "id": new_id(),
        "operation_id": operation,
        "state": told.get("state") or "to_contact",
        "state_since": told.get("state_since") or clock.now(),
        "search": search_text(*words),
        "merged_into": None,
        "version": 1,
    }


EMPTY: dict[str, Any] = dict.fromkeys(("building_id", "surface", "phone", "email", "tenant_reference", "persons"))
EMPTY |= {"referent": None, **dict.fromkeys(("entrance", "floor", "dwelling", "dwelling_type", "address", "zone"), "")}


# -- references ---------------------------------------------------------------------------------------------------


def _following(operation: str, count: int) -> list[str]:
    """The next `count` references of an operation. Its row is locked: two who enter at once wait for one another."""
    place = db.session.scalars(select(Operation).where(Operation.id == operation).with_for_update()).one()
    last = _last(operation)
    prefix, number = last if last else (_free_prefix(place.name), 0)
    return [f"{prefix}-{following:04d}" for following in range(number + 1, number + count + 1)]


def prefix_of(operation: str) -> str:
    """What the references of an operation begin with; before it has any household, what they would."""
    last, place = _last(operation), db.session.get(Operation, operation)
    return last[0] if last else next(prefixes(place.name if place else operation))


def _last(operation: str) -> tuple[str, int] | None:
    """(prefix, number) of the highest reference; those of another shape do not count."""
    ordered = (func.length(Household.reference).desc(), Household.reference.desc())
    asked = select(Household.reference).where(Household.operation_id == operation).order_by(*ordered).limit(50)
    found = (re.fullmatch(r"([A-Z]{2,8})-([0-9]{4,7})", reference) for reference in db.session.scalars(asked))
    first = next((match for match in found if match), None)
    return (first[1], int(first[2])) if first else None


def _free_prefix(name: str) -> str:
    """Dossiers are known everywhere by their household's reference: no two operations share a prefix."""
    db.session.execute(select(Operation.id).order_by(Operation.id).with_for_update())
    with unscoped("references of households are unique over all operations"):
        return next(prefix for prefix in prefixes(name) if not _taken(prefix))


def _taken(prefix: str) -> bool:
    asked: Iterable[str] = db.session.scalars(
        select(Household.reference).where(Household.reference.startswith(f"{prefix}-")).limit(1)
    )
    return any(asked)

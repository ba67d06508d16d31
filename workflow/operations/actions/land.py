"""Tranches and buildings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.db import db
from workflow.errors import FieldError, Invalid
from workflow.operations import queries
from workflow.operations.actions.ground import check_days, keep, note, nothing_hangs, only_one, take
from workflow.operations.models import Building, Tranche
from workflow.operations.rules import slug_of


def put_tranche(
    operation_id: str, told: Mapping[str, Any], by: str, tranche_id: str | None = None, version: int = 0
) -> Tranche:
    """Add or change a tranche {label: {lang: text}, moves, dwellings, starts, ends}. Raises Invalid, Moved."""
    row = take(Tranche, operation_id, tranche_id, version)
    check_days(told)
    others = queries.tranches(operation_id)
    names = [(other.id, other.label.get("fr", "")) for other in others]
    only_one(names, row.id, told["label"]["fr"], "label", "There is already a tranche of that name.")
    if tranche_id is None:
        row.slug = slug_of(told["label"]["fr"], {other.slug for other in others})
    keep(row, {**told, "label": (row.label or {}) | told["label"]})
    note(operation_id, "TranchePut", by, tranche=row.id)
    return row


def remove_tranche(operation_id: str, tranche_id: str, version: int, by: str) -> None:
    row = take(Tranche, operation_id, tranche_id, version)
    nothing_hangs(operation_id, "tranche", row.id)
    db.session.delete(row)
    note(operation_id, "TrancheRemoved", by, tranche=row.id)


def put_building(
    operation_id: str, told: Mapping[str, Any], by: str, building_id: str | None = None, version: int = 0
) -> Building:
    """Add or change a building {name, address, landlord, tranche_id, zone, dwellings}. Raises Invalid, Moved."""
    row = take(Building, operation_id, building_id, version)
    others = queries.buildings(operation_id)
    names = [(other.id, other.name) for other in others]
    only_one(names, row.id, told["name"], "name", "There is already a building of that name in this operation.")
    _known(operation_id, told)
    if building_id is None:
        row.slug = slug_of(told["name"], {other.slug for other in others})
    keep(row, told)
    note(operation_id, "BuildingPut", by, building=row.id, landlord=row.landlord)
    return row


def _known(operation_id: str, told: Mapping[str, Any]) -> None:
    """Landlord, tranche and zone are those of the operation, at this moment."""
    wrong = []
    if told["landlord"] not in {row.slug for row in queries.landlords(operation_id)}:
        wrong.append(FieldError("landlord", "Choose a landlord that takes part in the operation."))
    if told.get("tranche_id") and told["tranche_id"] not in {row.id for row in queries.tranches(operation_id)}:
        wrong.append(FieldError("tranche_id", "Choose a tranche of the operation."))
    if told.get("zone") and told["zone"] not in queries.zones(operation_id):
        wrong.append(FieldError("zone", "Choose a zone of the operation."))
    if wrong:
        raise Invalid(wrong)


def remove_building(operation_id: str, building_id: str, version: int, by: str) -> None:
    row = take(Building, operation_id, building_id, version)
    nothing_hangs(operation_id, "building", row.id)
    db.session.delete(row)
    note(operation_id, "BuildingRemoved", by, building=row.id)

"""Where households live: the buildings of an operation, or only its parts."""

from __future__ import annotations

from sqlalchemy import select

from workflow.db import db
from workflow.dossiers.models import Household
from workflow.operations.models import Building
from workflow.operations.queries import zones


def buildings_by_id(operation: str) -> dict[str, Building]:
    rows = db.session.scalars(select(Building).where(Building.operation_id == operation).order_by(Building.name))
    return {row.id: row for row in rows}


def place(row: Household, *, named: bool) -> dict[str, str]:
    """Where a household lives, by language: its building, or only which part of the operation."""
    if not named:
        return zones(row.operation_id).get(row.zone, {})
    building = db.session.get(Building, row.building_id) if row.building_id else None
    return {"fr": building.name} if building else {}

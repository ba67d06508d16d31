"""How many households an operation has, and how many need one of its things."""

from __future__ import annotations

from sqlalchemy import func, select

from workflow.db import db
from workflow.dossiers.models import Household

_NEEDS = {"building": Household.building_id, "partner": Household.landlord, "zone": Household.zone}


def households_on(operation_id: str, what: str, key: str) -> dict[str, int]:
    """{"households": how many live in this building, in this zone, or are tenants of this landlord}."""
    if what not in _NEEDS:
        return {}
    return {"households": db.session.scalar(_count(operation_id).where(_NEEDS[what] == key)) or 0}


def households_of(operation_id: str) -> tuple[int, int]:
    """(how many households, how many of them nobody follows)."""
    alone = _count(operation_id).where(func.coalesce(Household.referent, "") == "", Household.state.not_in(_GONE))
    return db.session.scalar(_count(operation_id)) or 0, db.session.scalar(alone) or 0


_GONE = ("purged", "closed")


def _count(operation_id: str):
    here = select(func.count()).select_from(Household).where(Household.operation_id == operation_id)
    return here.where(Household.merged_into.is_(None))

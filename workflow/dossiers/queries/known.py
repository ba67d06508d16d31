"""Whether a household is known already: the same door, the same tenant reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.rules import folded


def already_there(operation: str, told: Mapping[str, Any], besides: str = "") -> list[Household]:
    """Households behind the same door (same building, or same written address), or with the same tenant reference.

    `besides`: the id of the household that is being changed. Those merged into another are left out.
    """
    same_place = Household.building_id == told["building_id"] if told.get("building_id") else Household.address != ""
    asked = select(Household).where(
        Household.operation_id == operation,
        Household.merged_into.is_(None),
        Household.id != besides,
        or_(same_place, Household.tenant_reference.is_not(None)),
    )
    return [row for row in db.session.scalars(asked.order_by(Household.reference)) if _same(row, told)]


def _same(row: Household, told: Mapping[str, Any]) -> bool:
    reference = _key(told.get("tenant_reference"))
    if reference and _key(row.tenant_reference) == reference:
        return True
    if _key(row.dwelling) != _key(told.get("dwelling")):
        return False
    if told.get("building_id"):
        return row.building_id == told["building_id"]
    return row.building_id is None and folded(row.address) == folded(told.get("address") or "")


def _key(text: str | None) -> str:
    return folded(text or "").replace(" ", "")

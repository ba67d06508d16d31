"""Read operations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow.db import db
from workflow.operations.models import Building, Operation, Parameter, Tranche


def operation(operation_id: str) -> Operation | None:
    """The operation of that id. Whether the reader may know it is for the scope of what hangs on it."""
    return db.session.get(Operation, operation_id)


def operations(ids: Iterable[str]) -> list[Operation]:
    return list(db.session.scalars(select(Operation).where(Operation.id.in_(set(ids))).order_by(Operation.name)))


def zones(operation_id: str) -> dict[str, dict[str, str]]:
    """The parts of an operation: {slug: label by language}."""
    found = operation(operation_id)
    return {zone["slug"]: zone["label"] for zone in (found.figures if found else {}).get("zones", ())}


def buildings(operation_id: str) -> list[Building]:
    return list(
        db.session.scalars(select(Building).where(Building.operation_id == operation_id).order_by(Building.name))
    )


def tranches(operation_id: str) -> list[Tranche]:
    return list(db.session.scalars(select(Tranche).where(Tranche.operation_id == operation_id).order_by(Tranche.slug)))


def parameters(operation_id: str) -> list[Parameter]:
    return list(
        db.session.scalars(select(Parameter).where(Parameter.operation_id == operation_id).order_by(Parameter.code))
    )

"""Write an operation from its description. Each change appends a fact to the operation's chain."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow.db import db, new_id
from workflow.operations.models import Building, Operation, Parameter, Partner, Tranche
from workflow.operations.rules import kept_calendar
from workflow.record import actions as record
from workflow.record.models import chain_of


def put_operation(description: dict[str, Any], by: str | None = None) -> Operation:
    """Create or refresh an operation with its tranches, buildings and parameters (shape: templates/operations)."""
    slug = description["slug"]
    row = db.session.merge(
        Operation(
            id=slug,
            name=description.get("short") or description["name"]["fr"],
            city=description["city"],
            owner=description["owner"],
            zone=description.get("timezone", "Europe/Paris"),
            label=description["name"],
            description=description.get("description", {}),
            starts=_day(description.get("programme", {}).get("from"), first=True),
            ends=_day(description.get("programme", {}).get("to"), first=False),
            regime=description.get("legal_regime", ""),
            figures=description.get("figures", {})
            | {"zones": description.get("zones", []), "places": description.get("places", [])}
            | {"calendar": kept_calendar(description.get("calendar", {}))},
        )
    )
    db.session.flush()
    for organisation in description.get("organisations", ()):
        _put_partner(slug, organisation)
    for tranche in description.get("tranches", ()):
        _put_tranche(slug, tranche)
    db.session.flush()
    for building in description.get("buildings", ()):
        _put_building(slug, building)
    for code, parameter in description.get("parameters", {}).items():
        _put_parameter(slug, code, parameter)
    record.note(chain_of(slug), f"operation:{slug}", "OperationPut", {"person": by} if by else {}, owner=row.owner)
    return row


def _day(told: int | date | None, *, first: bool) -> date | None:
    """A programme is told in years or in days."""
    if told is None or isinstance(told, date):
        return told
    return date(told, 1, 1) if first else date(told, 12, 31)


def _put_partner(operation: str, told: dict[str, Any]) -> None:
    row = _found(Partner, operation, organisation=told["slug"])
    row.part, row.consent = told.get("part", "partner"), bool(told.get("consent", True))
    db.session.add(row)


def _put_tranche(operation: str, told: dict[str, Any]) -> None:
    row = _found(Tranche, operation, slug=told["slug"])
    row.label, row.moves = told["label"], told.get("moves", told.get("dwellings"))
    row.dwellings = told.get("dwellings")
    row.starts, row.ends = _day(told.get("from"), first=True), _day(told.get("to"), first=False)
    db.session.add(row)


def _put_building(operation: str, told: dict[str, Any]) -> None:
    row = _found(Building, operation, slug=told["slug"])
    tranche = _found(Tranche, operation, slug=told["tranche"]) if told.get("tranche") else None
    row.name, row.address, row.landlord = told["name"], told["address"], told["landlord"]
    row.tranche_id, row.dwellings = tranche.id if tranche else None, told.get("dwellings")
    row.zone = told.get("zone", "")
    db.session.add(row)


def _put_parameter(operation: str, code: str, told: dict[str, Any]) -> None:
    since = told["since"] if isinstance(told["since"], date) else date.fromisoformat(told["since"])
    row = _found(Parameter, operation, code=code, since=since)
    value, source = told["value"], told["source"]
    row.value = value if isinstance(value, str) else json.dumps(value)
    row.source = source if isinstance(source, str) else source["fr"]
    row.label, row.unit = told.get("label", {}), told.get("unit", "")
    db.session.add(row)


def _found(model: type, operation: str, **named: Any) -> Any:
    row = db.session.scalar(select(model).filter_by(operation_id=operation, **named))
    return row or model(id=new_id(), operation_id=operation, **named)

"""Read operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from workflow import clock
from workflow.db import db, prepared
from workflow.operations.models import Building, Operation, Parameter, Partner, Tranche
from workflow.operations.rules import PARTS, in_force, value_of
from workflow.people import queries as people
from workflow.people.models import Assignment, Body, Organisation, Seat


def operation(operation_id: str) -> Operation | None:
    """The operation of that id. Whether the reader may know it is for the scope of what hangs on it."""
    found = db.session.get(Operation, operation_id)
    if found is not None:  # asked many times in a request: the session knows only what somebody holds
        db.session.info.setdefault("operations", {})[operation_id] = found
    return found


def operations(ids: Iterable[str]) -> list[Operation]:
    return list(db.session.scalars(select(Operation).where(Operation.id.in_(set(ids))).order_by(Operation.name)))


def every_operation() -> list[Operation]:
    """Every operation of the installation, for who looks after it."""
    return list(db.session.scalars(select(Operation).order_by(Operation.name)))


def zones(operation_id: str) -> dict[str, dict[str, str]]:
    """The parts of an operation: {slug: label by language}."""
    return _named(operation_id, "zones")


def places(operation_id: str) -> dict[str, dict[str, str]]:
    """Where households may wish to live: {slug: label by language}; empty when the operation names none."""
    return _named(operation_id, "places")


def _named(operation_id: str, what: str) -> dict[str, dict[str, str]]:
    found = operation(operation_id)
    return {entry["slug"]: entry["label"] for entry in (found.figures if found else {}).get(what, ())}


def partners(operation_id: str) -> list[Partner]:
    """The organisations of an operation, the one that answers for it first, then by part."""
    rows = db.session.scalars(select(Partner).where(Partner.operation_id == operation_id))
    return sorted(rows, key=lambda row: (PARTS.index(row.part) if row.part in PARTS else len(PARTS), row.organisation))


def landlords(operation_id: str) -> list[Organisation]:
    """The partners of an operation that are landlords, by name."""
    asked = select(Organisation).join(Partner, Partner.organisation == Organisation.slug)
    asked = asked.where(Partner.operation_id == operation_id, Organisation.kind == "landlord")
    return list(db.session.scalars(asked.order_by(Organisation.name)))


def buildings(operation_id: str) -> list[Building]:
    return list(
        db.session.scalars(select(Building).where(Building.operation_id == operation_id).order_by(Building.name))
    )


def tranches(operation_id: str) -> list[Tranche]:
    return list(db.session.scalars(select(Tranche).where(Tranche.operation_id == operation_id).order_by(Tranche.slug)))


def parameters(operation_id: str) -> list[Parameter]:
    """Every value an operation's rules had, have and will have, by rule and by day."""
    asked = select(Parameter).where(Parameter.operation_id == operation_id).order_by(Parameter.code, Parameter.since)
    return list(db.session.scalars(asked))


_DATED = prepared(
    select(Parameter.code, Parameter.since, Parameter.value)
    .where(Parameter.operation_id == bindparam("operation"), Parameter.code.in_(bindparam("codes", expanding=True)))
    .order_by(Parameter.code, Parameter.since)
)


def dated(operation_id: str, codes: Iterable[str]) -> list[Row[tuple[str, date, Any]]]:
    """(code, since, value) of some rules of an operation: what a decision needs to know of them."""
    return list(db.session.execute(_DATED, {"operation": operation_id, "codes": sorted(codes)}))


# -- what hangs on a thing ----------------------------------------------------------------------------------------

Counter = Callable[[str, str, str], dict[str, int]]
"""(operation id, what it is: building | partner | zone | tranche, its id, slug or organisation) → {what: how many}."""
_counters: list[Counter] = []


def register_dependants(counter: Counter) -> None:
    """Let a part above say what hangs on the things of an operation: one that something hangs on cannot be removed."""
    if counter not in _counters:
        _counters.append(counter)


def hanging(operation_id: str, what: str, key: str) -> dict[str, int]:
    """How many things of each kind need this one; empty when it may be removed."""
    found = _own(operation_id, what, key)
    for counter in _counters:
        found |= counter(operation_id, what, key)
    return {kind: count for kind, count in found.items() if count}


def _own(operation_id: str, what: str, key: str) -> dict[str, int]:
    here = select(func.count()).select_from(Building).where(Building.operation_id == operation_id)
    match what:
        case "tranche":
            return {"buildings": db.session.scalar(here.where(Building.tranche_id == key)) or 0}
        case "zone":
            return {"buildings": db.session.scalar(here.where(Building.zone == key)) or 0}
        case "partner":
            return {"buildings": db.session.scalar(here.where(Building.landlord == key)) or 0} | _people(
                operation_id, key
            )
    return {}


def _people(operation_id: str, organisation: str) -> dict[str, int]:
    seats = select(func.count()).select_from(Seat).where(Seat.organisation == organisation)
    acting = select(func.count()).select_from(Assignment).where(Assignment.operation_id == operation_id)
    acting = acting.where(
        or_(Assignment.organisation == organisation, Assignment.employer == organisation),
        or_(Assignment.until.is_(None), Assignment.until >= clock.today()),
        Assignment.ended_at.is_(None),
    )
    return {
        "operations": int(operation(operation_id).owner == organisation),
        "seats": db.session.scalar(seats.where(Seat.operation_id == operation_id)) or 0,
        "people": db.session.scalar(acting) or 0,
    }


# -- as a description ---------------------------------------------------------------------------------------------


def described(operation_id: str) -> dict[str, Any]:
    """What another operation may be copied from, in the shape of templates/operations.

    Partners, zones, places and the rules in force today; bodies with their seats, without persons. Neither buildings
    nor tranches, nor anybody.
    """
    found = db.session.get_one(Operation, operation_id)
    names = people.organisation_rows()
    return {
        "owner": found.owner,
        "city": found.city,
        "timezone": found.zone,
        "calendar": dict(found.figures.get("calendar", {})),
        "legal_regime": found.regime,
        "zones": [dict(entry) for entry in found.figures.get("zones", ())],
        "places": [dict(entry) for entry in found.figures.get("places", ())],
        "organisations": [
            {"slug": row.organisation, "part": row.part, "consent": row.consent}
            | {name: getattr(names[row.organisation], name) for name in ("name", "kind", "city")}
            for row in partners(operation_id)
        ],
        "bodies": [_described_body(row) for row in people.bodies(operation_id)],
        "parameters": {
            code: {"label": row.label, "value": value_of(row.value), "unit": row.unit}
            | {"source": row.source, "since": row.since}
            for code, row in in_force(parameters(operation_id), clock.today(found.zone)).items()
        },
    }


def _described_body(row: Body) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("slug", "label", "chair", "decides", "quorum", "rhythm")}
    seats = people.seats(row.operation_id, row.slug)
    return told | {"seats": [{"organisation": seat.organisation, "guest": seat.guest} for seat in seats]}

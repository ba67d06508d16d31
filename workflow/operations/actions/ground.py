"""What every change of an operation rests on: it is held, the row is the one that was shown, the change is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from workflow.db import Base, db, new_id
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused
from workflow.operations import queries
from workflow.operations.models import Operation, Partner
from workflow.operations.rules import day_problem, kept_calendar
from workflow.people.rules import folded
from workflow.record import actions as record
from workflow.record.models import chain_of

Row = TypeVar("Row", bound=Base)

DAYS = {
    "year": "Write a day between 1950 and 2100.",
    "order": "The last day comes before the first one: change one of the two.",
}


def hold(operation_id: str) -> Operation:
    """The operation, locked until the end of the transaction: its description changes one step at a time."""
    asked = select(Operation).where(Operation.id == operation_id).with_for_update()
    row = db.session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise NotFound()
    return row


def row_of(model: type[Row], operation_id: str, row_id: str) -> Row:
    """A thing of that operation, as it stands; NotFound when it is absent or belongs elsewhere."""
    asked = select(model).filter_by(operation_id=operation_id, id=row_id)
    row = db.session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise NotFound()
    return row


def take(model: type[Row], operation_id: str, row_id: str | None, version: int) -> Row:
    """The row to change, or a new one without `row_id`. Moved when it is no longer the one that was shown."""
    hold(operation_id)
    if row_id is None:
        return model(id=new_id(), operation_id=operation_id, version=0)
    row = row_of(model, operation_id, row_id)
    unchanged(row.version, version)
    return row


def unchanged(version: object, shown: object) -> None:
    """Raises Moved when somebody changed the thing since it was shown."""
    if version != shown:
        raise Moved("Somebody changed this meanwhile.")


def keep(row: Row, told: Mapping[str, Any]) -> Row:
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    db.session.add(row)
    db.session.flush()
    return row


def only_one(names: Iterable[tuple[str, str]], own: str | None, name: str, field: str, message: str) -> None:
    """Raises Invalid when another of `names` ((id, name)) reads the same, but for accents and capitals."""
    if any(folded(other) == folded(name) and key != own for key, other in names):
        raise Invalid([FieldError(field, message)])


def check_days(told: Mapping[str, Any]) -> None:
    problem = day_problem(told.get("starts"), told.get("ends"))
    if problem:
        raise Invalid([FieldError("ends" if told.get("ends") else "starts", DAYS[problem])])


def nothing_hangs(operation_id: str, what: str, key: str) -> None:
    """Raises Refused when something needs the thing that was to be removed; the page says what and how many."""
    hanging = queries.hanging(operation_id, what, key)
    if hanging:
        raise Refused("in_use", "It cannot be removed: something still hangs on it.", hanging=hanging)


def note(operation_id: str, kind: str, by: str, **data: Any) -> None:
    """Write a change of the description on the operation's own chain."""
    record.note(chain_of(operation_id), f"operation:{operation_id}", kind, {"person": by}, **data)


# -- the operation itself -----------------------------------------------------------------------------------------


def change_operation(operation_id: str, told: Mapping[str, Any], version: int, by: str) -> Operation:
    """Change name, label, description, city, owner, zone, starts, ends, regime, calendar of an operation.

    `calendar`: {alsace_moselle, closed: days}; deadlines that already run stay as they are. Whoever carries it is
    always its partner. Raises Invalid (days, name already there) and Moved.
    """
    row = hold(operation_id)
    unchanged(row.version, version)
    check_days(told)
    free_name(told["name"], told["city"], own=operation_id)
    if told["owner"] != row.owner:
        _pass_on(row, told["owner"])
    calendar = {"calendar": kept_calendar(told["calendar"])} if "calendar" in told else {}
    plain = {name: value for name, value in told.items() if name != "calendar"}
    keep(row, plain | {"figures": {**row.figures, **calendar}})
    note(operation_id, "OperationChanged", by, owner=row.owner, version=row.version)
    return row


def free_name(name: str, city: str, own: str | None = None) -> None:
    """Raises Invalid when another operation of that city bears that name."""
    here = [(row.id, row.name) for row in queries.every_operation() if folded(row.city) == folded(city)]
    only_one(here, own, name, "name", "There is already an operation of that name in this city.")


def _pass_on(row: Operation, owner: str) -> None:
    """Another organisation carries the operation from now on; the one before stays a partner."""
    partners = {partner.organisation: partner for partner in queries.partners(row.id)}
    if row.owner in partners:
        keep(partners[row.owner], {"part": "partner"})
    following = partners.get(owner) or Partner(id=new_id(), operation_id=row.id, organisation=owner, version=0)
    keep(following, {"part": "controller", "consent": False})

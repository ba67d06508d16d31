"""Who will be away, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Refused
from workflow.people import queries
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Absence, Person
from workflow.people.rules import Period, absence_problem
from workflow.record import actions as record
from workflow.record.models import HOUSE


@dataclass(frozen=True)
class AbsenceDraft:
    """From the first to the last day, both included; procedures: slugs, empty meaning every one."""

    substitute: str
    first_day: date
    last_day: date
    procedures: list[str] = field(default_factory=list)


def put_absence(person_id: str, told: AbsenceDraft, by: str) -> Absence:
    """Declare an absence. Raises Invalid when it ends before it begins, or nobody really stands in.

    Who stands in acts for the same organisation, and does not name themselves: an absence opens what the other reads.
    """
    for one in sorted({person_id, told.substitute}):
        locked(Person, one)  # two absences declared at once would not see one another
    _check(person_id, told)
    _check_substitute(person_id, told.substitute, by)
    row = Absence(
        id=new_id(),
        person_id=person_id,
        substitute_id=told.substitute,
        first_day=told.first_day,
        last_day=told.last_day,
        procedures=sorted(told.procedures),
        declared_by=by,
        declared_at=clock.now(),
        withdrawn_at=None,
    )
    db.session.add(row)
    db.session.flush()
    _note(row, "AbsencePut", by, procedures=row.procedures)
    return row


def withdraw_absence(absence_id: str, by: str) -> Absence:
    """It was declared by mistake, or they are back. Raises Refused when it is over or withdrawn already."""
    row = locked(Absence, absence_id)
    if row.withdrawn_at is not None or row.last_day < clock.today():
        raise Refused("absence_over", "This absence is over or withdrawn already.")
    row.withdrawn_at = clock.now()
    _note(row, "AbsenceWithdrawn", by)
    return row


def _check(person_id: str, told: AbsenceDraft) -> None:
    when = Period(told.first_day, told.last_day)
    away = [Period(row.first_day, row.last_day) for row in queries.absences_of(told.substitute)]
    problem = absence_problem(person_id, told.substitute, when, away, clock.today())
    if problem:
        raise Invalid([FieldError(*problem)])
    mine = [row for row in queries.absences_of(person_id) if _same_forms(row, told)]
    if any(when.meets(Period(row.first_day, row.last_day)) for row in mine):
        raise Invalid([FieldError("first_day", "An absence is already declared on some of these days.")])
    relied_on = [row for row in queries.standing_in(person_id) if when.meets(Period(row.first_day, row.last_day))]
    if relied_on:
        message = "%(name)s counts on this person on some of these days: agree on somebody else first."
        away_one = queries.names([relied_on[0].person_id])
        raise Invalid([FieldError("first_day", message, {"name": away_one.get(relied_on[0].person_id, "")})])


def _same_forms(row: Absence, told: AbsenceDraft) -> bool:
    """Whether two absences speak of the same forms: each colleague may stand in for some of them."""
    return not row.procedures or not told.procedures or not set(row.procedures).isdisjoint(told.procedures)


def _check_substitute(person_id: str, substitute: str, by: str) -> None:
    if by == substitute:
        message = "You cannot stand in for somebody whose absence you declare: choose somebody else."
        raise Invalid([FieldError("substitute", message)])
    if not queries.may_stand_in(person_id, substitute):
        message = "Only a colleague who acts for the same organisation, in the same operations, may stand in."
        raise Invalid([FieldError("substitute", message)])


def _note(row: Absence, kind: str, by: str, **more: object) -> None:
    record.note(
        HOUSE,
        f"person:{row.person_id}",
        kind,
        actor(by),
        absence=row.id,
        substitute=row.substitute_id,
        first_day=row.first_day.isoformat(),
        last_day=row.last_day.isoformat(),
        **more,
    )

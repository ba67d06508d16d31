"""Who holds what, for whom, where, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Refused
from workflow.people import queries
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Assignment, Person
from workflow.people.rules import period_problem
from workflow.record import actions as record
from workflow.record.models import chain_of

LAST = "%(name)s is the last administrator of this installation: name another one first."


def assign(
    person_id: str,
    role: str,
    organisation: str | None,
    operation: str | None,
    *,
    since: date,
    until: date | None = None,
    employer: str | None = None,
    body: str | None = None,
    by: str | None = None,
) -> Assignment:
    """Give somebody a role. Raises Invalid when it would end before it starts.

    Whoever has no employer yet is from now on employed by the one told here.
    """
    _check(since, until)
    someone = db.session.get(Person, person_id)
    if someone is not None and someone.organisation is None:
        someone.organisation = employer or organisation
    row = Assignment(
        id=new_id(),
        person_id=person_id,
        role=role,
        organisation=organisation,
        employer=employer or organisation,
        operation_id=operation,
        body=body,
        since=since,
        until=until,
        ended_at=None,
        version=1,
    )
    db.session.add(row)
    db.session.flush()
    record.note(
        chain_of(operation),
        f"person:{person_id}",
        "Assigned",
        actor(by),
        assignment=row.id,
        role=role,
        organisation=organisation,
        employer=row.employer,
        body=body,
        since=since.isoformat(),
        until=until.isoformat() if until else None,
    )
    return row


def give_role(
    person_id: str,
    role: str,
    organisation: str,
    operation: str | None,
    *,
    since: date,
    until: date | None = None,
    employer: str | None = None,
    by: str,
) -> Assignment:
    """The same from a page. Raises Refused when this person already holds it on some of these days.

    Nobody gives themselves a role that reads answers while another administrator may give it.
    """
    _check(since, until)
    _not_to_oneself(person_id, role, operation, by)
    locked(Person, person_id)
    for row in queries.assignments_of(person_id):
        same = (row.role, row.organisation, row.operation_id, row.body) == (role, organisation, operation, None)
        if same and not queries.is_over(row) and _meet(row, since, until):
            raise Refused("held_already", "This person already holds this role on these days.")
    row = assign(person_id, role, organisation, operation, since=since, until=until, employer=employer, by=by)
    if person_id == by:
        record.note(chain_of(operation), f"person:{by}", "RoleTaken", actor(by), assignment=row.id)
    return row


def change_assignment(assignment_id: str, draft: AssignmentDates, version: int, by: str) -> Assignment:
    """Other days, another employer. Raises Moved when somebody changed it after `version`."""
    _hold_administrators(assignment_id)
    row = locked(Assignment, assignment_id, version)
    if queries.is_over(row):
        raise Refused("over", "This assignment is over: give a new one.")
    _check(draft.since, draft.until)
    if draft.until is not None or draft.since > clock.today():
        _not_the_last(row)
    row.since, row.until, row.employer = draft.since, draft.until, draft.employer or row.organisation
    row.version += 1
    record.note(
        chain_of(row.operation_id),
        f"person:{row.person_id}",
        "AssignmentChanged",
        actor(by),
        assignment=row.id,
        employer=row.employer,
        since=row.since.isoformat(),
        until=row.until.isoformat() if row.until else None,
    )
    return row


def end_assignment(assignment: Assignment, by: str | None, at: datetime | None = None) -> Assignment:
    """It holds until `at` (an instant, now when left out). Raises Refused for the last administrator.

    One that ended before stays as it is.
    """
    _hold_administrators(assignment.id)
    row = locked(Assignment, assignment.id)
    if queries.is_over(row):
        return row
    _not_the_last(row)
    row.ended_at = at or clock.now()
    row.version += 1
    db.session.flush()
    record.note(
        chain_of(row.operation_id),
        f"person:{row.person_id}",
        "AssignmentEnded",
        actor(by),
        assignment=row.id,
        role=row.role,
        organisation=row.organisation,
        body=row.body,
        at=row.ended_at.isoformat(),
    )
    return row


@dataclass(frozen=True)
class AssignmentDates:
    """What of an assignment may be changed later."""

    since: date
    until: date | None
    employer: str | None


def _not_to_oneself(person_id: str, role: str, operation: str | None, by: str) -> None:
    if person_id == by and queries.must_ask_another(role, operation, by):
        message = "You cannot give yourself a role that reads answers: ask another administrator."
        raise Invalid([FieldError("role", message)])


def _check(since: date, until: date | None) -> None:
    problem = period_problem(since, until)
    if problem:
        raise Invalid([FieldError("until", problem)])


def _meet(row: Assignment, since: date, until: date | None) -> bool:
    """Whether two stretches of days share one."""
    return (row.until is None or since <= row.until) and (until is None or row.since <= until)


def _hold_administrators(assignment_id: str) -> None:
    """Two administrators who end one another at the same time are heard one after the other."""
    row = queries.assignment(assignment_id)
    if row is not None and row.role == "administrator" and row.operation_id is None:
        asked = select(Assignment.id).where(Assignment.role == "administrator", Assignment.operation_id.is_(None))
        db.session.execute(asked.order_by(Assignment.id).with_for_update())


def _not_the_last(row: Assignment) -> None:
    """Somebody must always be able to look after the installation."""
    if row.role != "administrator" or row.operation_id is not None:
        return
    others = [other.person_id for other in queries.administrators() if other.id != row.id]
    if not any(queries.can_sign_in(person) for person in others):
        raise Refused("last_administrator", LAST, name=row.person.name)

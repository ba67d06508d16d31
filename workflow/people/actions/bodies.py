"""Bodies and their seats. A seat in a body that decides is an assignment as well: one action keeps both in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, NotFound, Refused
from workflow.people import queries
from workflow.people.actions.assignments import assign, end_assignment
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Assignment, Body, Seat
from workflow.people.queries import in_force, not_over
from workflow.people.rules import SEATED, slug_from
from workflow.record import actions as record
from workflow.record.models import chain_of


@dataclass(frozen=True)
class BodyDraft:
    """What is told of a body. rhythm: {"every_weeks": n, "fr": …}; quorum: how many voices must be there, or none.

    secretaries: persons who open its sittings and enter what is decided there.
    """

    label: dict[str, str]
    chair: str = ""
    decides: bool = False
    quorum: int | None = None
    rhythm: dict[str, Any] | None = None
    secretaries: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatDraft:
    """Whose place it is, who sits, who may sit instead; a guest attends without a voice."""

    organisation: str
    person: str | None = None
    substitute: str | None = None
    guest: bool = False


def put_body(
    operation: str,
    slug: str,
    label: dict[str, str],
    quorum: int | None,
    rhythm: dict[str, Any],
    *,
    chair: str | None = None,
    decides: bool | None = None,
    secretaries: tuple[str, ...] | None = None,
    by: str | None = None,
) -> Body:
    """Create or refresh a body; what is left out at the end stays as it is. No rule is checked."""
    row = queries.body(operation, slug) or Body(
        id=new_id(), operation_id=operation, slug=slug, chair="", decides=False, secretaries=[], version=1
    )
    row.label, row.quorum, row.rhythm = label, quorum, rhythm
    row.chair = row.chair if chair is None else chair
    row.decides = row.decides if decides is None else decides
    row.secretaries = row.secretaries if secretaries is None else list(secretaries)
    db.session.add(row)
    db.session.flush()
    _note(row, "BodyPut", by, body=slug, quorum=quorum, decides=row.decides, secretaries=row.secretaries)
    return row


def add_body(operation: str, told: BodyDraft, by: str, slug: str = "") -> Body:
    """A new body without seats yet. `slug`: the one a procedure asks for; else it is made from the name."""
    if slug and queries.body(operation, slug):
        raise Refused("body_there", "This body exists already.")
    if told.quorum:
        raise Invalid([FieldError("quorum", "Add the seats first: there is nobody to reach this quorum yet.")])
    wanted = slug or slug_from(next(iter(told.label.values())), lambda name: queries.body(operation, name) is not None)
    _secretary_for_another(operation, told, (), by)
    return put_body(
        operation,
        wanted,
        told.label,
        None,
        told.rhythm or {},
        chair=told.chair,
        decides=told.decides,
        secretaries=told.secretaries,
        by=by,
    )


def change_body(body_id: str, told: BodyDraft, version: int, by: str) -> Body:
    """Raises Moved when somebody changed it after `version`, Invalid when the quorum cannot be reached."""
    row = locked(Body, body_id, version)
    voices = sum(not seat.guest for seat in queries.seats_of(row))
    if told.quorum and told.quorum > voices:
        message = "There are only %(count)s seats with a voice: this quorum could never be reached."
        raise Invalid([FieldError("quorum", message, {"count": voices})])
    if told.decides and not row.decides and _alone_for(_voices(row), row, by):
        raise _for_another("decides")
    _secretary_for_another(row.operation_id, told, row.secretaries if row.decides else (), by)
    before = row.decides
    row.label, row.chair, row.quorum, row.rhythm = told.label, told.chair, told.quorum, told.rhythm or {}
    row.decides, row.secretaries = told.decides, list(told.secretaries)
    row.version += 1
    _note(row, "BodyPut", by, body=row.slug, quorum=row.quorum, decides=row.decides, secretaries=row.secretaries)
    if before != row.decides:
        keep_in_step(row, by)
    return row


def _secretary_for_another(operation: str, told: BodyDraft, before: Sequence[str], by: str | None) -> None:
    """Whoever enters what a body decides reads what it reads: like a seat, that is given by somebody else."""
    mine = by is not None and by in told.secretaries and by not in before
    if told.decides and mine and queries.must_ask_another(SEATED, operation, str(by)):
        raise Invalid([FieldError("secretary", "You cannot make yourself the secretary: ask another administrator.")])


def remove_body(body_id: str, version: int, by: str) -> None:
    """Raises Refused while it still has seats."""
    row = locked(Body, body_id, version)
    if queries.seats_of(row):
        raise Refused("body_has_seats", "Remove its seats first: this body still has members.")
    _note(row, "BodyRemoved", by, body=row.slug)
    db.session.delete(row)


# -- seats --------------------------------------------------------------------------------------------------------


def seat(
    body: Body,
    organisation: str,
    person_id: str | None,
    substitute_id: str | None,
    *,
    guest: bool = False,
    by: str | None = None,
) -> Seat:
    """A seat alone, without its assignments: for who writes them at another date (the demonstration)."""
    row = Seat(
        id=new_id(),
        operation_id=body.operation_id,
        body_id=body.id,
        organisation=organisation,
        person_id=person_id,
        substitute_id=substitute_id,
        guest=guest,
    )
    db.session.add(row)
    db.session.flush()
    _note_seat(row, "Seated", by)
    return row


def put_seat(body_id: str, told: SeatDraft, by: str | None, version: int | None = None) -> Seat:
    """Add a seat, and what its members hold. Raises Invalid when somebody would sit twice."""
    body = locked(Body, body_id, version)
    _check(body, told)
    _not_to_oneself(body, told, by)
    row = seat(body, told.organisation, told.person, told.substitute, guest=told.guest, by=by)
    body.version += 1
    keep_in_step(body, by)
    return row


def change_seat(body_id: str, seat_id: str, told: SeatDraft, version: int, by: str) -> Seat:
    """Somebody else sits, or stands in. Who left the body holds nothing in it any more."""
    body = locked(Body, body_id, version)
    row = _seat(body, seat_id)
    _check(body, told, but=row)
    _not_to_oneself(body, told, by)
    _reachable(body, but=row if told.guest else None)
    row.organisation, row.person_id, row.substitute_id = told.organisation, told.person, told.substitute
    row.guest = told.guest
    body.version += 1
    db.session.flush()
    _note_seat(row, "Seated", by)
    keep_in_step(body, by)
    return row


def remove_seat(body_id: str, seat_id: str, version: int, by: str) -> None:
    """Raises Refused when the quorum could not be reached any more."""
    body = locked(Body, body_id, version)
    row = _seat(body, seat_id)
    _reachable(body, but=row)
    _note_seat(row, "SeatRemoved", by)
    db.session.delete(row)
    body.version += 1
    db.session.flush()
    keep_in_step(body, by)


def keep_in_step(body: Body, by: str | None) -> None:
    """Whoever has a voice in a body that decides holds the assignment that goes with it; nobody else does."""
    wanted = _voices(body) if body.decides else set()
    held = db.session.scalars(
        select(Assignment).where(Assignment.operation_id == body.operation_id, Assignment.body == body.slug, not_over())
    ).all()
    for row in held:
        if (row.person_id, row.organisation) not in wanted:
            end_assignment(row, by)
    there = {(row.person_id, row.organisation) for row in held}
    for person, organisation in sorted(wanted - there):
        _give(person, organisation, body, by)


def _give(person: str, organisation: str, body: Body, by: str | None) -> None:
    """The employer is the one they have elsewhere in the operation: it may differ from the organisation of the seat."""
    known = db.session.scalars(
        in_force().where(Assignment.person_id == person, Assignment.operation_id == body.operation_id)
    ).first()
    someone = queries.person(person)
    employer = known.employer if known else (someone.organisation if someone else None)
    row = assign(
        person,
        SEATED,
        organisation,
        body.operation_id,
        since=clock.today(),
        employer=employer or organisation,
        body=body.slug,
        by=by,
    )
    if person == by:
        record.note(chain_of(body.operation_id), f"person:{by}", "RoleTaken", actor(by), assignment=row.id)


def _not_to_oneself(body: Body, told: SeatDraft, by: str | None) -> None:
    """A seat in a body that decides reads needs: like any role that reads, it is given by somebody else."""
    if not body.decides or told.guest:
        return
    for name, one in (("person", told.person), ("substitute", told.substitute)):
        if one == by and _alone_for({(one, told.organisation)} - _voices(body), body, by):
            raise _for_another(name)


def _for_another(name: str) -> Invalid:
    return Invalid([FieldError(name, "You cannot give yourself a seat that reads needs: ask another administrator.")])


def _alone_for(gained: set[tuple[str, str]], body: Body, by: str | None) -> bool:
    """Whether one of these voices would be one's own, while somebody else can give it."""
    mine = by is not None and by in {person for person, _organisation in gained}
    return mine and queries.must_ask_another(SEATED, body.operation_id, str(by))


def _voices(body: Body) -> set[tuple[str, str]]:
    """(person, organisation) of those who sit with a voice or may sit instead."""
    return {
        (person, row.organisation)
        for row in queries.seats_of(body)
        if not row.guest
        for person in (row.person_id, row.substitute_id)
        if person
    }


def _seat(body: Body, seat_id: str) -> Seat:
    row = queries.seat(body.operation_id, seat_id)
    if row is None or row.body_id != body.id:
        raise NotFound()
    return row


def _check(body: Body, told: SeatDraft, but: Seat | None = None) -> None:
    if told.substitute and told.substitute == told.person:
        raise Invalid([FieldError("substitute", "Somebody else must stand in: choose another person.")])
    if told.substitute and not told.person:
        raise Invalid([FieldError("person", "Say who sits before saying who sits instead.")])
    for name, one, known in (
        ("person", told.person, but.person_id if but else None),
        ("substitute", told.substitute, but.substitute_id if but else None),
    ):
        if one and one != known and queries.has_left(one):
            raise Invalid([FieldError(name, "This person has left: choose somebody else, or give them a role first.")])
    others = [row for row in queries.seats_of(body) if but is None or row.id != but.id]
    if told.person and told.person in {row.person_id for row in others}:
        raise Invalid([FieldError("person", "This person already sits in this body.")])


def _reachable(body: Body, but: Seat | None) -> None:
    """The quorum must stay within reach without that seat."""
    left = sum(not row.guest for row in queries.seats_of(body) if but is None or row.id != but.id)
    if body.quorum and body.quorum > left:
        raise Refused(
            "quorum",
            "The quorum is %(quorum)s: with %(count)s seats it could not be reached. Lower the quorum first.",
            quorum=body.quorum,
            count=left,
        )


def _note(row: Body, kind: str, by: str | None, **data: Any) -> None:
    record.note(chain_of(row.operation_id), f"body:{row.id}", kind, actor(by), **data)


def _note_seat(row: Seat, kind: str, by: str | None) -> None:
    record.note(
        chain_of(row.operation_id),
        f"body:{row.body_id}",
        kind,
        actor(by),
        seat=row.id,
        organisation=row.organisation,
        person=row.person_id,
        substitute=row.substitute_id,
        guest=row.guest,
    )

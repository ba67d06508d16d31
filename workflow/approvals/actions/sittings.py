"""A sitting is opened, its agenda made, who is there said; it is closed, or dropped when it was not held.

Nothing entered in it has effect before it is closed: until then an entry is taken back and made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from workflow import clock
from workflow.access import Identity
from workflow.approvals.actions.withdrawing import followed
from workflow.approvals.models import Attendance, Item, Sitting
from workflow.approvals.queries import attending
from workflow.approvals.queries.sittings import waiting_at
from workflow.approvals.rules import DROPPED, IN_A_SITTING, LONGEST, OPEN
from workflow.db import db, new_id
from workflow.errors import FieldError, Forbidden, Invalid, Moved, Refused
from workflow.people import queries as people
from workflow.people.models import Body, Seat
from workflow.record import actions as record
from workflow.record.models import chain_of

MOST = 200  # dossiers on one agenda
GUESTS, LONGEST_NAME = 40, 200  # guests of one sitting, characters of one of them


@dataclass(frozen=True)
class SittingDraft:
    """When and where a body meets; title: what its agenda is called."""

    held_on: date
    begins: str = ""
    place: str = ""
    title: str = ""


@dataclass(frozen=True)
class Seated:
    """Who sits in a seat; withdrawn: from the whole sitting, for the reason that `words` say."""

    seat: str
    person: str
    withdrawn: bool = False
    words: str = ""


def open_sitting(identity: Identity, body: Body, told: SittingDraft) -> Sitting:
    """Raises Forbidden for who does not keep that body."""
    _keeper(identity, body)
    db.session.execute(select(Body.id).where(Body.id == body.id).with_for_update())  # two at once: one number each
    row = Sitting(
        id=new_id(),
        operation_id=body.operation_id,
        body=body.slug,
        number=attending.next_number(body.operation_id, body.slug),
        title=told.title,
        held_on=told.held_on,
        begins=told.begins,
        place=told.place,
        guests=[],
        state=OPEN,
        version=1,
        opened_by=identity.person,
        opened_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    note(row, "SittingOpened", identity, body=row.body, number=row.number, held_on=row.held_on.isoformat())
    return row


def change_sitting(identity: Identity, sitting_id: str, told: SittingDraft, version: int) -> Sitting:
    row = at_work(identity, sitting_id, version)
    row.held_on, row.begins, row.place, row.title = told.held_on, told.begins, told.place, told.title
    row.version += 1
    note(row, "SittingChanged", identity, held_on=row.held_on.isoformat())
    return row


def drop_sitting(identity: Identity, sitting_id: str, version: int) -> None:
    """It is not held. Raises Refused once a dossier was decided in it."""
    row = at_work(identity, sitting_id, version)
    if any(one.carried for one in attending.items(row)):
        raise Refused("sitting_decided", "Dossiers were decided in this sitting: close it, it cannot be dropped.")
    with followed(row):
        row.state, row.closed_by, row.closed_at = DROPPED, identity.person, clock.now()
    note(row, "SittingDropped", identity)


# -- agenda -------------------------------------------------------------------------------------------------------


def put_agenda(identity: Identity, sitting_id: str, subjects: Sequence[str], version: int) -> Sitting:
    """These dossiers, in this order; one for which something was entered stays, wherever it is left out.

    Raises Refused for more than MOST of them, Invalid when one does not wait for this body any more.
    """
    row = at_work(identity, sitting_id, version)
    known = {one.subject: one for one in attending.items(row)}
    wanted = list(dict.fromkeys([*subjects, *(one.subject for one in known.values() if one.said or one.carried)]))
    if len(wanted) > MOST:
        raise Refused("too_many", "At most %(most)s dossiers fit on one agenda.", most=MOST)
    waiting = {task.subject: task.step for task, _course in waiting_at(attending.body_of(row))}
    gone = [subject for subject in wanted if subject not in known and subject not in waiting]
    if gone:
        raise Invalid([FieldError("subject", "A dossier you ticked does not wait for this body any more.")])
    with followed(row):
        for subject in known.keys() - set(wanted):
            db.session.delete(known[subject])
        for rank, subject in enumerate(wanted, start=1):
            one = known.get(subject) or _added(row, subject, waiting[subject])
            one.rank = rank
    row.version += 1
    note(row, "AgendaPut", identity, dossiers=wanted)
    return row


def _added(row: Sitting, subject: str, step: str) -> Item:
    one = Item(sitting_id=row.id, operation_id=row.operation_id, subject=subject, step=step, rank=0, said=None)
    one.positions, one.withdrawn, one.sections, one.problem = {}, {}, [], []
    one.reason, one.shown, one.entries = "", "", 0
    db.session.add(one)
    return one


# -- who is there -------------------------------------------------------------------------------------------------


def put_attendance(
    identity: Identity, sitting_id: str, told: Sequence[Seated], guests: Sequence[str], version: int
) -> Sitting:
    """Who sits now. Raises Refused when somebody leaves whose position was entered: it is taken back first."""
    row = at_work(identity, sitting_id, version)
    seats = {seat.id: seat for seat in people.seats_of(attending.body_of(row)) if not seat.guest}
    there = {one.seat: _attending(row, one, seats) for one in told}
    if len(there) < len(told):
        raise Invalid([FieldError("seat", "One person at a time sits in a seat: tick the holder or the substitute.")])
    _nobody_entered_leaves(row, there)
    _named(guests)
    with followed(row):
        db.session.execute(delete(Attendance).where(Attendance.sitting_id == row.id))
        db.session.add_all(there.values())
    row.guests = list(guests)
    row.version += 1
    said = {one.seat: [one.person, one.withdrawn] for one in there.values()}
    note(row, "AttendancePut", identity, seats=said, guests=len(row.guests))
    return row


def _attending(row: Sitting, told: Seated, seats: Mapping[str, Seat]) -> Attendance:
    seat = seats.get(told.seat)
    if seat is None or told.person not in (seat.person_id, seat.substitute_id):
        raise Invalid([FieldError("seat", "This person does not sit in this body any more.")])
    if told.withdrawn and not told.words.strip():
        raise Invalid([FieldError(f"why-{seat.id}", "Say why this person withdraws: the record keeps it.")])
    return Attendance(
        sitting_id=row.id,
        operation_id=row.operation_id,
        seat=seat.id,
        organisation=seat.organisation,
        person=told.person,
        substitute=told.person != seat.person_id,
        withdrawn=told.withdrawn,
        reason=kept_words(subject_of(row), told.words, f"why-{seat.id}") if told.withdrawn else "",
    )


def _named(guests: Sequence[str]) -> None:
    if len(guests) > GUESTS:
        raise Invalid([FieldError("guests", "At most %(count)s guests can be written here.", {"count": GUESTS})])
    if any(len(one) > LONGEST_NAME for one in guests):
        raise Invalid([FieldError("guests", "Write at most %(count)s characters.", {"count": LONGEST_NAME})])


def _nobody_entered_leaves(row: Sitting, there: Mapping[str, Attendance]) -> None:
    before = {one.seat: one.person for one in attending.attendance(row)}
    sits = {seat: one.person for seat, one in there.items() if not one.withdrawn}
    spoke = {seat for one in attending.items(row) if one.said and not one.carried for seat in one.positions}
    if any(sits.get(seat) != before.get(seat) for seat in spoke):
        raise Refused("spoke_already", "Positions were entered for somebody who would leave: take them back first.")


# -- shared by everything that is done in a sitting ----------------------------------------------------------------


def at_work(identity: Identity, sitting_id: str, version: int | None = None) -> Sitting:
    """The sitting, locked, for its secretary, as long as it is open. Raises Forbidden, Refused, Moved."""
    row = attending.sitting(sitting_id, lock=True)
    _keeper(identity, attending.body_of(row))
    if row.state != OPEN:
        raise Refused("sitting_over", "This sitting is closed: nothing can be entered any more.")
    if version is not None and version != row.version:
        raise Moved("Somebody changed this sitting meanwhile. Here is how it stands now.")
    return row


def _keeper(identity: Identity, body: Body) -> None:
    if not attending.keeps(identity, body):
        raise Forbidden()


def subject_of(row: Sitting) -> str:
    """Under which name the record keeps what happened in a sitting."""
    return f"{IN_A_SITTING}{row.id}"


def kept_words(subject: str, words: str, name: str) -> str:
    """What was typed in the field `name`, sealed; answers its reference. Raises Invalid when it is too long."""
    if len(words) > LONGEST:
        raise Invalid([FieldError(name, "Write at most %(count)s characters.", {"count": LONGEST})])
    return record.keep_text(subject, words)


def note(row: Sitting, kind: str, identity: Identity, **data: Any) -> None:
    """By whom, and in whose place: the secretary may be away."""
    absent = attending.on_behalf_of(identity, attending.body_of(row))
    actor = {"person": identity.person} | ({"on_behalf_of": absent} if absent else {})
    record.note(chain_of(row.operation_id), subject_of(row), kind, actor, **data)

"""The days that count once a paper is signed: noted, corrected with a trace, and their ends announced in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date

from flask import current_app
from sqlalchemy import select

from workflow import clock, outbox
from workflow.access import Identity
from workflow.db import db, new_id, unscoped
from workflow.errors import FieldError, Forbidden, Invalid, Moved, Refused
from workflow.filing import actions as files
from workflow.filing.models import KeptFile
from workflow.outbox import Outbox
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.signing.actions.keeping import note
from workflow.signing.actions.telling import Letter
from workflow.signing.models import COMPLETE, Milestone, Room
from workflow.signing.queries import milestones, rooms
from workflow.signing.queries.entitled import managers, runs
from workflow.signing.queries.milestones import Words
from workflow.signing.rules import milestones as rules
from workflow.web.dates import format_date

REMIND = "signing.remind_ends"


@dataclass(frozen=True)
class Told:
    """What somebody enters. on_receipt: it comes into force when the legality control receives it; until: the new end
    of what is renewed; months: how long before its end one is reminded; receipt: bytes of a file.
    """

    kind: str
    on: date | None
    words: Words = field(default_factory=Words)
    on_receipt: bool = False
    until: date | None = None
    months: int = rules.MONTHS
    receipt: bytes = b""


def note_day(identity: Identity, reference: str, told: Told) -> Milestone:
    """Raises Invalid, Forbidden, Refused before everybody has signed."""
    row = _managed(identity, reference)
    _check(row, told)
    made = _keep(identity, row, told)
    if told.kind == rules.RENEWED and told.until:
        _keep(identity, row, Told(rules.ENDS, told.until, months=told.months))
    note(row, "MilestoneNoted", identity.person, what=told.kind, on=str(told.on or ""))
    return made


def correct(identity: Identity, reference: str, milestone_id: str, told: Told) -> Milestone:
    """Another entry takes its place; the first one stays to be read. Raises Moved: somebody corrected it already."""
    row = _managed(identity, reference)
    earlier = _uncorrected(row, milestone_id)
    _check(row, told)
    made = _keep(identity, row, told)
    made.corrects = earlier.id
    made.file_id = made.file_id or earlier.file_id
    note(row, "MilestoneCorrected", identity.person, what=told.kind, on=str(told.on or ""))
    return made


def take_out(identity: Identity, reference: str, milestone_id: str, why: str) -> None:
    """It was a mistake: nothing takes its place. Raises Invalid without a reason."""
    row = _managed(identity, reference)
    earlier = _uncorrected(row, milestone_id)
    if not why.strip():
        raise Invalid([FieldError("reason", "Say why.")])
    made = _keep(identity, row, Told(earlier.kind, earlier.on, Words(words=why)))
    made.corrects, made.is_void, made.remind_on = earlier.id, True, None
    note(row, "MilestoneCorrected", identity.person, what=earlier.kind, on="")


def _keep(identity: Identity, row: Room, told: Told) -> Milestone:
    kept = _receipt(row, told.receipt, identity.person) if told.receipt else None
    ends = told.kind == rules.ENDS and told.on is not None
    made = Milestone(
        id=new_id(),
        operation_id=row.operation_id,
        room_id=row.id,
        kind=told.kind,
        on=None if told.on_receipt else told.on,
        on_receipt=told.on_receipt,
        told=record.keep_text(row.subject, json.dumps(asdict(told.words), ensure_ascii=False)),
        file_id=kept.id if kept else None,
        remind_on=rules.months_before(told.on, told.months) if ends and told.on else None,
        by=identity.person,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _receipt(row: Room, data: bytes, by: str) -> KeptFile:
    try:
        return files.keep_file(row.operation_id, row.subject, data, "", by)
    except Invalid as problem:
        told = [FieldError("receipt", one.message, one.params) for one in problem.errors]
        raise Invalid(told) from problem


def _check(row: Room, told: Told) -> None:
    errors, today = [], clock.today(milestones.zone_of(row))
    done = told.kind in (rules.TRANSMITTED, rules.NOTIFIED, rules.PUBLISHED)
    if told.kind not in rules.KINDS:
        errors.append(FieldError("kind", "Choose one of the list."))
    if told.on is None and not told.on_receipt:
        errors.append(FieldError("on", "Say on which day."))
    if told.on and done and told.on > today:
        errors.append(FieldError("on", "Say on which day: today or before."))
    if told.on and row.closed_at and done and told.on < row.closed_at.date():
        errors.append(FieldError("on", "It was not signed by everybody before %(day)s.", {"day": _day(row)}))
    if told.kind == rules.NOTIFIED and not told.words.whom:
        errors.append(FieldError("whom", "Say to whom."))
    if told.kind == rules.RENEWED and told.until and told.on and told.until <= told.on:
        errors.append(FieldError("until", "The new end must come after the day of the renewal."))
    if not 0 <= told.months <= rules.MOST_MONTHS:
        errors.append(FieldError("months", "Choose between 0 and %(count)s months.", {"count": rules.MOST_MONTHS}))
    if errors:
        raise Invalid(errors)


def _day(row: Room) -> str:
    return format_date(row.closed_at, "long") if row.closed_at else ""


def _uncorrected(row: Room, milestone_id: str) -> Milestone:
    found = milestones.milestone(row, milestone_id)
    if any(one.corrects == found.id for one in milestones.of_room(row.id)):
        raise Moved()
    return found


def _managed(identity: Identity, reference: str) -> Room:
    row = rooms.room(reference, lock=True)
    if not runs(identity, row):
        raise Forbidden()
    if row.state != COMPLETE:
        raise Refused("not_complete", "Not everybody has signed yet.")
    return row


# -- ends are announced -------------------------------------------------------------------------------------------


def ask_reminders() -> None:
    """Once a day, when there is an end to announce. Called by the clock as often as it likes."""
    key = f"{REMIND}:{clock.today().isoformat()}"
    with unscoped("the day comes to every operation"):
        due = milestones.rooms_with_ends(clock.today())
        if due and db.session.scalar(select(Outbox.id).where(Outbox.key == key)) is None:
            outbox.add(REMIND, subject="signing:ends", key=key)
        db.session.commit()


def reminders() -> Iterator[Letter]:
    """A mail for each person who runs a room whose paper ends soon. Whoever calls holds the transaction."""
    for room, paper in milestones.rooms_with_ends(clock.today()):
        end = milestones.to_see_to(room)
        for one in milestones.of_room(room.id):
            if one.remind_on and one.remind_on <= clock.today():
                one.reminded_at = one.reminded_at or clock.now()
        if end is None or end.on is None:
            continue
        url = f"{current_app.config['RELAIS'].base_url}/rooms/{room.reference}"
        for person in sorted(managers(room)):
            who = people.person(person)
            if who and who.email:
                said = {"name": who.name, "reference": paper.reference, "url": url, "end": end.on}
                key = f"end:{end.id}:{person}"[:200]
                yield Letter(key, who.email, "A signed document ends soon", "signing_end", who.lang, said)

"""The last day of a room: who has not signed is reminded before it, everybody who was asked is told after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from workflow import clock, outbox
from workflow.circuit.deadlines import Calendar
from workflow.db import db, unscoped
from workflow.operations.queries import operation as find_operation
from workflow.operations.rules import calendar_of
from workflow.signing.actions.keeping import note
from workflow.signing.actions.telling import Letter, asked, to_everybody, to_followers
from workflow.signing.models import OPEN, Room
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.queries.standing import ASKED, LATER, where

JOB = "signing.last_day"
NEAR, OVER, AGAIN = 1, 2, 3
"""What is told: the last day is near, it has passed, there is more time."""
AHEAD = 2
"""Working days before the last one on which those who have not signed are reminded."""
_FAR = timedelta(days=10)  # no two working days lie further apart


@dataclass(frozen=True)
class _Said:
    fact: str
    signer: str
    opener: str


_SAID = {
    NEAR: _Said("LastDayNear", "last_day", "last_day_opener"),
    OVER: _Said("LastDayPassed", "over", "over_opener"),
    AGAIN: _Said("MoreTime", "more_time", ""),
}


def pass_days() -> int:
    """Have what is due today told, once for each last day; called by the clock as often as it likes. How many rooms."""
    with unscoped("the clock acts for no person"):
        asked_ = select(Room).where(Room.state == OPEN, Room.until <= clock.today() + _FAR)
        due = [(row, what) for row in db.session.scalars(asked_) for what in (NEAR, OVER) if is_due(row, what)]
        for row, what in due:
            ask(row, what)
        db.session.commit()
        return len(due)


def ask(row: Room, what: int) -> None:
    """A job tells it; the same last day is told once."""
    outbox.add(JOB, subject=row.subject, key=f"{JOB}:{row.id}:{row.until}:{what}", version=what)


def is_due(row: Room, what: int) -> bool:
    """Whether this is still to be told today: signed, ended or put off, it is not."""
    if row.state != OPEN or row.until is None:
        return False
    today = clock.today(Open(row).zone)
    if what == NEAR:
        return _reminding(row, row.until) <= today <= row.until
    return today > row.until if what == OVER else today <= row.until


def _reminding(row: Room, until: date) -> date:
    place = find_operation(row.operation_id)
    calendar = calendar_of(place.figures) if place else Calendar()
    return calendar.shift(until, -AHEAD)


def letters(row: Room, what: int) -> Iterator[Letter]:
    """What is told now, and that it was; nothing when it is not due any more."""
    if row.until is None or not is_due(row, what):
        return
    known, said = Open(row), _SAID[what]
    fact = note(row, said.fact, "", until=row.until.isoformat())
    told = {"until": row.until, "asking": _names(known)}
    if what == OVER:
        yield from to_everybody(known, fact, said.signer, told, _were_asked(known), opener=said.opener)
        return
    for party in _awaited(known):
        yield from asked(known, party, fact, said.signer, told)
    if said.opener:
        yield from to_followers(known, fact, said.opener, told)


def _awaited(known: Open) -> list[Party]:
    return [one.party for one in where(known, clock.now()) if one.state == ASKED]


def _were_asked(known: Open) -> list[Party]:
    """Those who signed, and those who were to; whoever comes later has not heard of it."""
    return [one.party for one in where(known, clock.now()) if one.state != LATER]


def _names(known: Open) -> str:
    return ", ".join(one.acting.name for one in _awaited(known))

"""The days recorded in the life of a signed paper, and the ends that somebody must see to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.approvals.queries import Errand
from workflow.db import db
from workflow.errors import NotFound
from workflow.filing.models import Paper
from workflow.operations.queries import operation as find_operation
from workflow.record.queries import text
from workflow.signing.models import COMPLETE, Milestone, Room
from workflow.signing.queries.entitled import runs
from workflow.signing.rules import milestones as rules
from workflow.signing.rules.milestones import Day
from workflow.web.dates import format_date


@dataclass(frozen=True)
class Words:
    """What is sealed of an entry. number: of a receipt; whom: to whom it was notified, where it was published."""

    number: str = ""
    whom: str = ""
    words: str = ""


def of_room(room_id: str) -> list[Milestone]:
    """Every entry, those corrected too, in the order in which they were made."""
    asked = select(Milestone).where(Milestone.room_id == room_id)
    return list(db.session.scalars(asked.order_by(Milestone.at, Milestone.id)))


def milestone(room: Room, milestone_id: str) -> Milestone:
    """One of this room. Raises NotFound."""
    row = db.session.scalar(select(Milestone).where(Milestone.id == milestone_id, Milestone.room_id == room.id))
    if row is None:
        raise NotFound()
    return row


def words_of(row: Milestone) -> Words:
    told = text(row.told)
    return Words(**json.loads(told)) if told else Words()


def day(row: Milestone) -> Day:
    return Day(
        row.id,
        row.kind,
        row.on,
        row.at,
        on_receipt=row.on_receipt,
        corrects=row.corrects,
        is_void=row.is_void,
        remind_on=row.remind_on,
    )


def days(rows: Iterable[Milestone]) -> list[Day]:
    return [day(one) for one in rows]


def earlier(rows: Sequence[Milestone], row: Milestone) -> list[Milestone]:
    """What an entry took the place of, the latest first."""
    by_id, found = {one.id: one for one in rows}, []
    while row.corrects and row.corrects in by_id:
        row = by_id[row.corrects]
        found.append(row)
    return found


def as_data(room_id: str) -> list[dict[str, Any]]:
    """The entries that hold, for the evidence."""
    rows = {one.id: one for one in of_room(room_id)}
    kept = rules.present(days(rows.values()))
    found = []
    for one in kept:
        row, on = rows[one.id], rules.day_of(one, kept)
        told = {"kind": one.kind, "on": on.isoformat() if on else None, "at": row.at.isoformat()}
        found.append(told | {"number": words_of(row).number, "whom": words_of(row).whom})
    return found


# -- ends ---------------------------------------------------------------------------------------------------------


def errands(identity: Identity) -> list[Errand]:
    """For whoever runs a room: what was signed there ends soon, and nobody said yet what follows."""
    asked = _with_ends(clock.today()).where(Room.operation_id.in_(sorted(identity.operations)))
    found = []
    for room, paper in db.session.execute(asked):
        end = to_see_to(room)
        if end is not None and runs(identity, room):
            found.append(_errand(room, paper, end))
    return found


def rooms_with_ends(today: date) -> list[tuple[Room, Paper]]:
    """Rooms in which a reminder is due that did not leave yet."""
    asked = _with_ends(today, Milestone.reminded_at.is_(None))
    return [(room, paper) for room, paper in db.session.execute(asked)]


def _with_ends(today: date, *more: Any) -> Any:
    ends = select(Milestone.room_id).where(Milestone.remind_on <= today, *more)
    asked = select(Room, Paper).join(Paper, Paper.id == Room.paper_id).where(Room.id.in_(ends))
    return asked.where(Room.state == COMPLETE, Paper.void_at.is_(None)).order_by(Room.id)


def to_see_to(room: Room) -> Day | None:
    """The end of which somebody must be reminded today, where the operation takes place."""
    return rules.end_to_see_to(days(of_room(room.id)), clock.today(zone_of(room)))


def zone_of(room: Room) -> str:
    place = find_operation(room.operation_id)
    return place.zone if place else "Europe/Paris"


def _errand(room: Room, paper: Paper, end: Day) -> Errand:
    since = datetime.combine(end.remind_on or end.at.date(), time(), ZoneInfo(zone_of(room)))
    return Errand(
        page="signing.room",
        args={"reference": room.reference, "_anchor": "life"},
        words="A signed document ends soon: %(who)s",
        who=f"{paper.title or paper.reference} ({format_date(end.on, 'long')})",
        hint="Prepare an amendment or a new document, or say that it is not renewed.",
        since=since,
        wrong=False,
    )

"""What whoever opened a room should see to: letters and codes to be printed, a last day that has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import Errand
from workflow.approvals.queries.personal_links import LETTER
from workflow.db import db
from workflow.filing.models import Paper
from workflow.operations.queries import operation as find_operation
from workflow.signing.models import OPEN, SUBJECT, Room


def errands(identity: Identity) -> list[Errand]:
    """Of the rooms this person opened, as long as they work in their operations."""
    return [*_to_print(identity), *_over(identity)]


def _to_print(identity: Identity) -> Iterator[Errand]:
    letter = and_(PersonalLink.link_by == LETTER, PersonalLink.left_at.is_(None))
    code = and_(PersonalLink.code_by == LETTER, PersonalLink.code_hash.is_(None), PersonalLink.opened_at.is_(None))
    asked = select(PersonalLink, Room, Paper).join(Room, PersonalLink.subject == SUBJECT + Room.id)
    asked = asked.join(Paper, Paper.id == Room.paper_id).where(or_(letter, code), *_mine(identity))
    asked = asked.where(PersonalLink.used_at.is_(None), PersonalLink.withdrawn_at.is_(None))
    for link, row, paper in db.session.execute(asked.where(PersonalLink.expires_at > clock.now())):
        words, hint = _PRINT[_which(link)]
        since = link.left_at or link.made_at
        yield Errand("signing.links", {"reference": row.reference}, words, paper.title or paper.reference, hint, since)


_PRINT = {
    "letter": (
        "Print the letter to somebody who signs “%(who)s”",
        "The letter bears the link to sign; a colleague prints the paper with the code.",
    ),
    "colleague": (
        "Have the code for “%(who)s” printed",
        "Whoever printed the letter never prints the code: a colleague does.",
    ),
    "code": ("Print the code of somebody who signs “%(who)s”", "Give it to them by hand, or post it."),
}
"""{which paper: (what is to be done, how)}."""


def _which(link: PersonalLink) -> str:
    if link.link_by != LETTER:
        return "code"
    return "letter" if link.left_at is None else "colleague"


def _over(identity: Identity) -> Iterator[Errand]:
    asked = select(Room, Paper).join(Paper, Paper.id == Room.paper_id).where(*_mine(identity))
    for row, paper in db.session.execute(asked.where(Room.until < clock.today())):
        yield Errand(
            "signing.room",
            {"reference": row.reference},
            "The last day to sign “%(who)s” has passed",
            paper.title or paper.reference,
            "Give more time, withdraw it, or have a new version signed.",
            _since(row),
        )


def _since(row: Room) -> datetime:
    """The end of its last day."""
    place = find_operation(row.operation_id)
    zone = ZoneInfo(place.zone if place else "Europe/Paris")
    return datetime.combine((row.until or clock.today()) + timedelta(days=1), time(), zone)


def _mine(identity: Identity) -> tuple[ColumnElement[bool], ...]:
    there = Room.operation_id.in_(sorted(identity.operations))
    return Room.opened_by == identity.person, Room.state == OPEN, there

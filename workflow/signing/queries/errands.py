"""What whoever opened a room should see to: letters and codes to be printed, a last day that has passed."""

from __future__ import annotations

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
    """Of the rooms this person opened, as long as they work in their operations. One question for all of them: every
    page asks how much waits.
    """
    letter = and_(PersonalLink.link_by == LETTER, PersonalLink.left_at.is_(None))
    code = and_(PersonalLink.code_by == LETTER, PersonalLink.code_hash.is_(None), PersonalLink.opened_at.is_(None))
    unused = and_(PersonalLink.used_at.is_(None), PersonalLink.withdrawn_at.is_(None))
    lives = PersonalLink.expires_at > clock.now()
    printed = and_(PersonalLink.subject == SUBJECT + Room.id, or_(letter, code), unused, lives)
    asked = select(Room, Paper, PersonalLink).join(Paper, Paper.id == Room.paper_id).outerjoin(PersonalLink, printed)
    asked = asked.where(*_mine(identity), or_(PersonalLink.id.is_not(None), Room.until < clock.today()))
    found = list(db.session.execute(asked))
    over = {row.id: (row, paper) for row, paper, _link in found if row.until and row.until < clock.today()}
    told = [_to_print(row, paper, link) for row, paper, link in found if link is not None]
    return [*told, *(_over(row, paper) for row, paper in over.values())]


def _to_print(row: Room, paper: Paper, link: PersonalLink) -> Errand:
    words, hint = _PRINT[_which(link)]
    since = link.left_at or link.made_at
    return Errand("signing.links", {"reference": row.reference}, words, paper.title or paper.reference, hint, since)


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


def _over(row: Room, paper: Paper) -> Errand:
    return Errand(
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

"""From which dossiers somebody withdrew, as a condition in a question: nothing of them is read through their seat."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, or_, select
from sqlalchemy.orm import aliased

from workflow.access import READING, Identity
from workflow.approvals.models import Attendance, Item, Sitting
from workflow.approvals.rules import DROPPED
from workflow.db import db


def reads_nothing(identity: Identity, subject: Any) -> ColumnElement[bool]:
    """That this person withdrew from the subject named by a column or a value; who stands in for somebody reads with
    their eyes: where all of those withdrew, nothing either.
    """
    lent = {one.on_behalf_of for one in identity.grants if one.role in READING and one.body}
    if lent and None not in lent:
        theirs = and_(*(_withdrew(one, subject) for one in sorted(map(str, lent))))
        return or_(_withdrew(identity.person, subject), theirs)
    return _withdrew(identity.person, subject)


def closed_to(identity: Identity, subject: str) -> bool:
    return bool(db.session.scalar(select(reads_nothing(identity, subject))))


def _withdrew(person: str, subject: Any) -> ColumnElement[bool]:
    """In the last sitting in which they had it before them at some step; one that was not held does not count."""
    here, there, on_it = aliased(Sitting), aliased(Attendance), aliased(Item)
    later, sat, again = aliased(Sitting), aliased(Attendance), aliased(Item)
    heard_later = exists().where(
        again.subject == on_it.subject,
        again.step == on_it.step,
        later.id == again.sitting_id,
        later.state != DROPPED,
        later.number > here.number,
        sat.sitting_id == again.sitting_id,
        sat.person == person,
        ~_away(sat, again),
    )
    return exists().where(
        on_it.subject == subject,
        here.id == on_it.sitting_id,
        here.state != DROPPED,
        there.sitting_id == on_it.sitting_id,
        there.person == person,
        _away(there, on_it),
        ~heard_later,
    )


def _away(there: Any, on_it: Any) -> ColumnElement[bool]:
    return or_(there.withdrawn, cast(on_it.withdrawn, String).contains(there.seat))

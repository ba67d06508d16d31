"""Sittings that were left open after their day: their secretary sees to them among what waits."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import Sitting
from workflow.approvals.queries.attending import keeps
from workflow.approvals.queries.waiting import Errand
from workflow.approvals.rules import OPEN
from workflow.db import db
from workflow.operations.queries import operation as find_operation
from workflow.people.models import Body
from workflow.web.spoken import label as said


def errands(identity: Identity) -> list[Errand]:
    """One for each sitting of a body this person keeps whose day is over. No mail is sent of it."""
    asked = (
        select(Sitting, Body)
        .join(Body, (Body.operation_id == Sitting.operation_id) & (Body.slug == Sitting.body))
        .where(
            Sitting.state == OPEN,
            Sitting.held_on < clock.today(),
            Sitting.operation_id.in_(sorted(identity.operations)),
        )
    )
    return [_errand(row, body) for row, body in db.session.execute(asked) if keeps(identity, body)]


def _errand(row: Sitting, body: Body) -> Errand:
    place = find_operation(row.operation_id)
    zone = ZoneInfo(place.zone if place else "Europe/Paris")
    return Errand(
        page="approvals.sitting",
        args={"sitting_id": row.id},
        words="A sitting was not closed: %(who)s",
        who=_("%(body)s: sitting no. %(number)s", body=said(body.label), number=row.number),
        hint="Enter what was decided, then close it; or say that it was not held.",
        since=datetime.combine(row.held_on, time(), zone),
    )

"""Second opinions that are awaited of somebody: no voice, but something to see to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.access import Identity
from workflow.approvals.models import Task, Voter
from workflow.approvals.queries.standing import sentences
from workflow.approvals.queries.waiting import Errand
from workflow.db import db

ADVICE = "advice"
"""Why somebody stands among those asked at a step who has no voice there."""


def errands(identity: Identity) -> list[Errand]:
    """One for each step at which somebody asked for this person's opinion."""
    asked = (
        select(Voter.subject, Task.opened_at)
        .join(Task, (Task.subject == Voter.subject) & (Task.step == Voter.step))
        .where(Voter.person == identity.person, Voter.reason == ADVICE)
    )
    rows = db.session.execute(asked).all()
    told = sentences({row.subject for row in rows}, identity) if rows else {}
    return [_errand(told[row.subject], row.opened_at) for row in rows if row.subject in told]


def _errand(told: dict[str, Any], since: datetime) -> Errand:
    return Errand(
        page=told["page"],
        args={"reference": told["reference"]},
        words="Give your second opinion on %(who)s",
        who=told["who"] or told["household"],
        hint="Whoever decides there asked for it: the question stands on the page.",
        since=since,
        wrong=False,
    )

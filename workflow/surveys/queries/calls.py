"""Households that ask to be called back, and open answers nobody read again: what a survey waits for."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import func, select

from workflow.access import Identity
from workflow.approvals.queries import Errand
from workflow.db import db
from workflow.record.queries import texts
from workflow.surveys.models import Call, Recipient, Survey
from workflow.surveys.queries.open_answers import open_answers, open_questions
from workflow.surveys.queries.surveys import may_run


@dataclass(frozen=True)
class Asked:
    """phone, when: as the household said; "" once they were erased."""

    row: Call
    household: str
    phone: str = ""
    when: str = ""


def calls(row: Survey) -> list[Asked]:
    """Those of a survey, the oldest first."""
    asked = select(Call, Recipient.household_id).join(Recipient, Recipient.id == Call.recipient_id)
    found = db.session.execute(asked.where(Call.survey_id == row.id).order_by(Call.asked_at, Call.id)).all()
    words = texts(call.told for call, _home in found)
    told = {call.id: json.loads(words[call.told]) for call, _home in found if call.told in words}
    return [Asked(call, home, **told.get(call.id, {})) for call, home in found]


def unread(identity: Identity, row: Survey) -> int:
    """Open answers that this reader may read and nobody read again."""
    found = open_answers(row, open_questions(identity, row))
    return sum(not one.said for several in found.values() for one in several)


def errands(identity: Identity) -> list[Errand]:
    """Households wait for a call: said to whoever runs the survey, once for each of them."""
    places = [one for one in sorted(identity.operations) if may_run(identity, one)]
    if not places:
        return []
    asked = select(Survey.id, Survey.title, func.min(Call.asked_at)).join(Call, Call.survey_id == Survey.id)
    asked = asked.where(Call.done_at.is_(None), Call.operation_id.in_(places)).group_by(Survey.id, Survey.title)
    words, hint = "Households ask to be called back: %(who)s", "They said so at the end of the survey."
    return [
        Errand("surveys.calls", {"survey_id": survey}, words, title, hint, since, wrong=False)
        for survey, title, since in db.session.execute(asked)
    ]

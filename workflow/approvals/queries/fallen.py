"""Open steps at which somebody had decided already: their decision fell, and they are asked again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow.approvals.queries.waiting import Waiting
from workflow.db import db
from workflow.record.models import Event
from workflow.record.queries import fact_of

_BATCH = 500  # subjects in one question


def asked_again(identity_person: str, found: Iterable[Waiting]) -> set[tuple[str, str]]:
    """{(subject, step)} of those tasks whose voice had been given, then fell; one question for a page of them."""
    whose = {(one.task.subject, one.task.step): one.on_behalf_of or identity_person for one in found}
    subjects = sorted({subject for subject, _step in whose})
    fell: set[tuple[str, str]] = set()
    for first in range(0, len(subjects), _BATCH):
        some = subjects[first : first + _BATCH]
        rows = db.session.scalars(select(Event).where(Event.subject.in_(some), Event.kind == "VoteFell"))
        for fact in map(fact_of, rows):
            if whose.get((fact.subject, fact.data["step"])) == fact.data["person"]:
                fell.add((fact.subject, fact.data["step"]))
    return fell

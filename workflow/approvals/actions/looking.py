"""Whom a step asks has changed: the lists say it now, and what follows from it is told by a job right behind.

The job stands alone with its subject: it locks it before anything else, as a decision does, and may run twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow import outbox
from workflow.approvals import queries
from workflow.approvals.actions.deciding import append
from workflow.approvals.actions.projecting import project
from workflow.approvals.models import Course
from workflow.approvals.queries import Standing
from workflow.circuit.decide import tick
from workflow.db import db, new_id

JOB = "approvals.tell"


def look_again(known: Standing) -> None:
    """Say whom the open steps wait for; where a step ends by itself now, or can come to no good end, a job follows."""
    project(known)
    if tick(known.published.circuit, known.state, known.context):
        outbox.add(JOB, subject=known.subject, key=f"{JOB}:{new_id()}")


def tell(subject: str) -> None:
    """Append what is due now by itself: deadlines that passed, rules that are met, dead ends. Harmless when twice."""
    known = queries.standing(subject, lock=True)
    if new := tick(known.published.circuit, known.state, known.context):
        append(known, new)


def refresh(operation: str) -> int:
    """Assignments changed: look again at everything under way in an operation. How many there are."""
    asked = select(Course.subject).where(Course.operation_id == operation, Course.phase == "open")
    return refresh_these(db.session.scalars(asked).all())


def refresh_these(subjects: Iterable[str]) -> int:
    """The same for some subjects: somebody who was asked there left, came, or is away."""
    known = list(subjects)
    for subject in known:
        look_again(queries.standing(subject))
    return len(known)

"""Time passes: deadlines speak, whoever looks or not."""

from __future__ import annotations

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from workflow import clock
from workflow.approvals.actions.looking import tell
from workflow.approvals.models import Course, Task
from workflow.db import db, unscoped
from workflow.errors import Problem
from workflow.record.models import Event

log = structlog.get_logger()


def pass_time() -> int:
    """Let deadlines speak: overdue, reminders, tacit decisions. Called by the clock process; harmless when twice."""
    with unscoped("the clock acts for no person"):
        now = clock.now()
        due = list(db.session.scalars(select(Task.subject).where(Task.remind_at <= now).distinct()))
        for subject in due:
            _pass_time_of(subject)
        return len(due)


def _pass_time_of(subject: str) -> None:
    """One subject in a transaction of its own: one that cannot be read must not stop the deadlines of the others."""
    try:
        tell(subject)
        db.session.commit()
    except (Problem, LookupError, ValueError, SQLAlchemyError) as problem:
        db.session.rollback()
        log.error("deadline_not_told", subject=subject, error=type(problem).__name__, exc_info=True)


def unknown_courses() -> list[str]:
    """Subjects with a circuit in the record but no course: must be empty (an invariant)."""
    opened = select(Event.subject).where(Event.kind == "Opened")
    return list(db.session.scalars(opened.where(Event.subject.not_in(select(Course.subject)))))

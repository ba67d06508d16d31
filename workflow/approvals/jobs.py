"""Jobs: assignments changed, so open steps may wait for other people."""

from __future__ import annotations

from sqlalchemy import select

from workflow import outbox
from workflow.approvals import actions
from workflow.db import db, unscoped
from workflow.people.models import Assignment


def refresh(lease: outbox.Lease) -> None:
    """React to Assigned: say again whom the open steps wait for, in the operations of that person."""
    person = lease.subject.removeprefix("person:")
    with unscoped("a job acts for no person"), lease.finish():
        rows = db.session.scalars(select(Assignment.operation_id).where(Assignment.person_id == person).distinct())
        for operation in [row for row in rows if row]:
            actions.refresh(operation)

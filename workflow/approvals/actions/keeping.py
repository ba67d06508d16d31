"""What is kept of a long course is written with the decision that makes it longer, in the same transaction."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from workflow.approvals.models import KeptState
from workflow.approvals.queries import Standing, kept
from workflow.circuit import snapshot
from workflow.db import db
from workflow.record.queries import seal_at


def keep_long(known: Standing) -> None:
    """Keep a long course whose events are in the record, once it is TURN events longer than what is kept of it."""
    version = known.state.version
    if version < kept.LONG or version - kept.stored_version(known.subject, known.published) < kept.TURN:
        return
    values = {
        "operation_id": known.course.operation_id,
        "procedure": known.published.hash,
        "version": version,
        "seal": seal_at(known.subject, version),
        "mark": snapshot.MARK,
        "state": snapshot.plain(known.state),
    }
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(KeptState.__table__).values(subject=known.subject, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["subject"], set_=values))

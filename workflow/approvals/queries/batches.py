"""Read what somebody does for several at once: the preview, how far it is, the report."""

from __future__ import annotations

from sqlalchemy import func, select

from workflow import outbox
from workflow.access import Identity
from workflow.approvals.models import Batch, BatchLine
from workflow.db import db
from workflow.errors import NotFound

JOB = "approvals.carry_out_batch"
LOOKING, LOOKED, RUNNING, ENDED = "looking", "looked", "running", "done"
DONE, FASTER, CHANGED, REFUSED, FAILED = "done", "faster", "changed", "refused", "failed"
RIGHT_ENDED = "ended"  # before it was done


def batch(identity: Identity, batch_id: str, *, lock: bool = False) -> Batch:
    """For whoever made it; NotFound for everybody else."""
    asked = select(Batch).where(Batch.id == batch_id, Batch.person == identity.person)
    row = db.session.scalar(asked.with_for_update() if lock else asked)
    if row is None:
        raise NotFound()
    return row


def batches(identity: Identity, limit: int = 20) -> list[Batch]:
    """What this person did for several at once, newest first."""
    asked = select(Batch).where(Batch.person == identity.person, Batch.state.in_((RUNNING, ENDED)))
    return list(db.session.scalars(asked.order_by(Batch.made_at.desc()).limit(limit)))


def lines(row: Batch) -> list[BatchLine]:
    """In the order of the list they were chosen from; those of operations one has left are not told any more."""
    return list(db.session.scalars(select(BatchLine).where(BatchLine.batch == row.id).order_by(BatchLine.rank)))


def left(row: Batch) -> int:
    """How many of those chosen are still to be done."""
    asked = select(func.count()).select_from(BatchLine).where(BatchLine.batch == row.id, BatchLine.chosen.is_(True))
    return db.session.scalar(asked.where(BatchLine.outcome.is_(None))) or 0


def subject_of(row: Batch) -> str:
    return f"batch:{row.id}"


def gave_up(row: Batch) -> bool:
    """Whether the work has failed for good: the operator is told."""
    return row.state in (LOOKING, RUNNING) and bool(outbox.given_up(JOB, [subject_of(row)]))

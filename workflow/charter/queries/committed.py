"""Read the commitments of a text."""

from __future__ import annotations

from sqlalchemy import select

from workflow.charter.models import Commitment, Consultation
from workflow.db import db
from workflow.errors import NotFound


def commitments(row: Consultation) -> list[Commitment]:
    """By bearer, then by day; those without a day at the end."""
    found = db.session.scalars(select(Commitment).where(Commitment.consultation_id == row.id))
    return sorted(found, key=lambda one: (one.bearer, one.due is None, one.due, one.id))


def one_of(row: Consultation, commitment_id: str, *, hold: bool = False) -> Commitment:
    """Raises NotFound. hold: locked until the end of the transaction."""
    asked = select(Commitment).where(Commitment.consultation_id == row.id, Commitment.id == commitment_id)
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(asked)
    if found is None:
        raise NotFound()
    return found

"""A paper written by mistake counts no more, and its copies say so; that may be undone."""

from __future__ import annotations

from workflow import clock, outbox
from workflow.access import Identity
from workflow.errors import Forbidden, Refused
from workflow.filing import actions as filing
from workflow.record import actions as record
from workflow.writing.actions.writing import VERSION, note
from workflow.writing.models import Written
from workflow.writing.queries.entitled import may_annul
from workflow.writing.queries.written import JOB


def annul(identity: Identity, row: Written, why: str) -> None:
    """Every version of it. Who holds one reads on the page of verification that it was annulled."""
    _may(identity, row)
    if row.void_at is not None:
        raise Refused("already_void", "This document was already annulled.")
    row.void_at, row.void_by = clock.now(), identity.person
    row.void_reason = record.keep_text(row.subject, why)
    for paper in filing.void(row.subject, row.void_at):
        copy = filing.ask_void_copy(paper, VERSION)
        if copy is not None:
            outbox.add(JOB, subject=f"paper:{copy.id}", key=f"{JOB}:{copy.id}")
    note(row, "PaperAnnulled", identity.person)


def restore(identity: Identity, row: Written) -> None:
    """It was annulled by mistake: it counts again."""
    _may(identity, row)
    if row.void_at is None:
        raise Refused("not_void", "This document was not annulled.")
    filing.restore(row.subject, row.void_at)
    record.drop_text(row.void_reason)
    row.void_at, row.void_by, row.void_reason = None, "", ""
    note(row, "PaperRestored", identity.person)


def _may(identity: Identity, row: Written) -> None:
    if not may_annul(identity, row):
        raise Forbidden()

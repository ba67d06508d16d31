"""A paper written by mistake counts no more, and its copies say so; that may be undone."""

from __future__ import annotations

from workflow import clock, outbox
from workflow.access import Identity
from workflow.errors import Forbidden, Refused
from workflow.filing import actions as filing
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.writing.actions.writing import VERSION, note
from workflow.writing.models import Written
from workflow.writing.queries.entitled import may_annul
from workflow.writing.queries.written import JOB, held


def annul(identity: Identity, row: Written, why: str) -> None:
    """Every version of it. Who holds one reads on the page of verification that it was annulled.

    Raises Refused with who was faster.
    """
    _hold(identity, row)
    if row.void_at is not None:
        who = people.names([row.void_by]).get(row.void_by, "")
        raise Refused("already_void", "%(who)s annulled this document before you.", who=who)
    row.void_at, row.void_by = clock.now(), identity.person
    row.void_reason = record.keep_text(row.subject, why)
    for paper in filing.void(row.subject, row.void_at):
        copy = filing.ask_void_copy(paper, VERSION)
        if copy is not None:
            outbox.add(JOB, subject=f"paper:{copy.id}", key=f"{JOB}:{copy.id}")
    note(row, "PaperAnnulled", identity.person)


def restore(identity: Identity, row: Written) -> None:
    """It was annulled by mistake: it counts again. Raises Refused where it does already."""
    _hold(identity, row)
    if row.void_at is None:
        raise Refused("not_void", "This document counts already: somebody was faster than you.")
    filing.restore(row.subject, row.void_at)
    record.drop_text(row.void_reason)
    row.void_at, row.void_by, row.void_reason = None, "", ""
    note(row, "PaperRestored", identity.person)


def _hold(identity: Identity, row: Written) -> None:
    """Until the end of the transaction nobody else touches it; it is read as whoever was faster left it."""
    held([row.id])
    if not may_annul(identity, row):
        raise Forbidden()

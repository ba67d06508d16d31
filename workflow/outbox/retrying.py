"""When a row that failed is tried again, and when somebody is asked to look."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflow.outbox.row import FAILED, PENDING, Outbox

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
DIED = "WorkerDied"


def after_failure(row: Outbox, error: str, now: datetime) -> None:
    """The row's attempt ended badly: the next one after a growing pause, none after the last."""
    _let_go(row, error)
    if row.attempts > len(RETRIES):
        row.state = FAILED
    else:
        row.state, row.next_at = PENDING, now + RETRIES[max(row.attempts, 1) - 1]


def after_death(row: Outbox, now: datetime) -> None:
    """The worker died under the row: once is an accident, tried again at once; more may be the row's own fault."""
    if row.attempts > 1:
        after_failure(row, DIED, now)
    else:
        _let_go(row, DIED)
        row.state, row.next_at = PENDING, now


def _let_go(row: Outbox, error: str) -> None:
    row.last_error, row.lease_until, row.lease_by = error, None, None

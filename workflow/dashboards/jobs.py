"""Jobs: what a new day brings, and reading the journals through."""

from __future__ import annotations

from workflow import outbox
from workflow.dashboards import actions


def new_day(lease: outbox.Lease) -> None:
    """Written together with "done": whom steps wait for today, and that the journals were read through."""
    with lease.finish():
        actions.refresh_everybody()
        actions.verify_record()


def verify_record(lease: outbox.Lease) -> None:
    with lease.finish():
        actions.verify_record()

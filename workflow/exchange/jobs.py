"""Jobs: a file of households is brought in; one that nobody goes on with is erased."""

from __future__ import annotations

from workflow import outbox
from workflow.db import begin_reading, unscoped
from workflow.exchange import actions


def import_households(lease: outbox.Lease) -> None:
    """Write every household of a file, or none."""
    with unscoped("a job acts for no person"):
        begin_reading()
        actions.bring_in(lease)


def forget_file(lease: outbox.Lease) -> None:
    with unscoped("a job acts for no person"):
        actions.forget_file(lease)

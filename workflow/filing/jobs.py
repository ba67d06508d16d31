"""Jobs: bytes of a file that was erased, or moved, leave the store."""

from __future__ import annotations

from workflow import outbox
from workflow.db import begin_reading, unscoped
from workflow.filing import actions


def erase(lease: outbox.Lease) -> None:
    """Delete what lay under a name; done twice, the second finds nothing."""
    with unscoped("a job acts for no person"):
        begin_reading()
        actions.erase_bytes(lease.subject.removeprefix("bytes:"))

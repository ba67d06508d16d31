"""Jobs: open dossiers go on with a newer version of their form."""

from __future__ import annotations

from workflow import outbox
from workflow.db import unscoped
from workflow.dossiers.actions import version_changes


def change_versions(lease: outbox.Lease) -> None:
    with unscoped("a job acts for no person"):
        version_changes.go_on(lease)

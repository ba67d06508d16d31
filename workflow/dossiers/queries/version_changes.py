"""Read how far open dossiers are on their way to a newer version."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Dossier, VersionChange
from workflow.errors import NotFound
from workflow.outbox import FAILED, Outbox

JOB = "dossiers.change_versions"
LOOKING, LOOKED, RUNNING, DONE = "looking", "looked", "running", "done"


def run(identity: Identity, operation: str, run_id: str) -> VersionChange:
    asked = select(VersionChange).where(VersionChange.id == run_id, VersionChange.operation_id == operation)
    row = db.session.scalar(asked)
    if row is None or not access.may_set_up(identity, operation):
        raise NotFound()
    return row


def runs(operation: str, slug: str) -> list[VersionChange]:
    """The latest twenty, newest first."""
    asked = select(VersionChange).where(VersionChange.operation_id == operation, VersionChange.slug == slug)
    return list(db.session.scalars(asked.order_by(VersionChange.made_at.desc()).limit(20)))


def gave_up(row: VersionChange) -> bool:
    """Whether the work has failed for good: the operator is told."""
    asked = select(Outbox.id).where(Outbox.subject == subject_of(row), Outbox.state == FAILED)
    return row.state in (LOOKING, RUNNING) and db.session.scalar(asked.limit(1)) is not None


def subject_of(row: VersionChange) -> str:
    return f"version-change:{row.id}"


def under_way(slug: str) -> Mapping[str, int]:
    """Hash of a version → open dossiers on it, within the scope."""
    asked = select(Dossier.procedure, func.count()).where(Dossier.slug == slug, Dossier.closed.is_(False))
    return {version: count for version, count in db.session.execute(asked.group_by(Dossier.procedure))}

"""Papers that count no more: annulled, replaced by a copy that says so, restored."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from workflow.db import db
from workflow.filing import queries
from workflow.filing.models import MAKING, READY, Paper
from workflow.filing.rules.references import new_reference, paper_id


def void(subject: str, at: datetime) -> list[Paper]:
    """Every valid paper of a subject counts no more since `at`; which ones."""
    rows = [row for row in queries.papers(subject) if row.void_at is None]
    for row in rows:
        row.void_at = at
    db.session.flush()
    return rows


def ask_void_copy(paper: Paper, version: int) -> Paper | None:
    """The copy that says on every page that `paper` was annulled, to be made; None when nobody could have had it.

    `version`: of the subject, when it was annulled.
    """
    if paper.state != READY or paper.void_at is None:
        return None
    told = paper_id(paper.id, version, paper.kind, paper.audience, paper.lang)
    copy = db.session.get(Paper, told) or Paper(
        id=told,
        operation_id=paper.operation_id,
        reference=new_reference(secrets.choice),  # of the row only: the copy carries that of its original
        subject=paper.subject,
        version=version,
        kind=paper.kind,
        audience=paper.audience,
        lang=paper.lang,
        state=MAKING,
        asked_at=paper.void_at,
        void_at=paper.void_at,
        void_of=paper.id,
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def restore(subject: str, at: datetime) -> None:
    """The papers annulled at that instant count again; copies that were taken meanwhile go on saying "annulled"."""
    asked = select(Paper).where(Paper.subject == subject, Paper.void_at == at, Paper.void_of.is_(None))
    for row in db.session.scalars(asked):
        row.void_at = None
    db.session.flush()

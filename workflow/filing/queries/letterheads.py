"""The letterheads of organisations: the one in use, and those there were."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import undefer

from workflow.db import db
from workflow.filing.models import Letterhead


def letterhead_of(organisation: str | None) -> bytes | None:
    """The .docx in which the working copies of an organisation are written; None while it gave none."""
    row = in_use(organisation) if organisation else None
    return row.docx if row is not None else None


def in_use(organisation: str) -> Letterhead | None:
    return db.session.scalar(select(Letterhead).where(Letterhead.used_by == organisation))


def letterheads(organisation: str) -> list[Letterhead]:
    """Every letterhead an organisation ever gave, the newest first; their bytes are read when asked for."""
    asked = select(Letterhead).where(Letterhead.organisation == organisation)
    return list(db.session.scalars(asked.order_by(Letterhead.kept_at.desc(), Letterhead.id)))


def letterhead(organisation: str, letterhead_id: str) -> Letterhead | None:
    """One of them, with its bytes."""
    asked = select(Letterhead).where(Letterhead.id == letterhead_id, Letterhead.organisation == organisation)
    return db.session.scalar(asked.options(undefer(Letterhead.docx)))

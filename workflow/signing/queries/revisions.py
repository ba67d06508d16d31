"""The file of a room: every state it was in, and the one that holds now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from workflow import clock
from workflow.db import db
from workflow.errors import NotFound
from workflow.filing.queries.papers import paper
from workflow.filing.queries.sealed import unsealed
from workflow.signing.models import ARCHIVED, Revision, Room


def revisions(room_id: str, *, undone: bool = False) -> list[Revision]:
    """In order; those that were taken back only when asked for."""
    asked = select(Revision).where(Revision.room_id == room_id)
    asked = asked if undone else asked.where(Revision.undone_at.is_(None))
    return list(db.session.scalars(asked.order_by(Revision.seq)))


def present(row: Room) -> Revision:
    """The state of the file that holds now. Raises NotFound before the room is open."""
    known = revisions(row.id)
    if not known:
        raise NotFound()
    return known[-1]


def base(row: Room) -> Revision:
    """The file as it was when the room was opened."""
    known = revisions(row.id)
    if not known:
        raise NotFound()
    return known[0]


def instant(row: Room) -> datetime:
    """Now, for whoever adds to the file: never before the last who did, whose machine may have a faster clock."""
    known = revisions(row.id)
    before = known[-1].at if known else paper(row.paper_id).made_at
    return max(clock.now(), before) if before else clock.now()


def next_seq(room_id: str) -> int:
    return (db.session.scalar(select(func.max(Revision.seq)).where(Revision.room_id == room_id)) or 0) + 1


def revision_seal(revision_id: str) -> str:
    """What the encrypted bytes of a state are bound to."""
    return f"signing:{revision_id}"


def bytes_of(row: Room, revision: Revision) -> bytes:
    """Raises NotFound once the paper was erased."""
    return unsealed(row.subject, revision.name, revision_seal(revision.id))


def is_archived(room_id: str) -> bool:
    return any(one.why == ARCHIVED for one in revisions(room_id))

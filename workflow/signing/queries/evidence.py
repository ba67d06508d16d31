"""The evidence beside a document: the latest one, its bytes, who may read it, and how it is known again."""

from __future__ import annotations

from sqlalchemy import select

from workflow.access import Identity
from workflow.db import db, unscoped
from workflow.errors import NotFound
from workflow.filing.models import Paper
from workflow.filing.queries import Recognised
from workflow.filing.queries.sealed import unsealed
from workflow.record.queries import key_of
from workflow.signing.models import COMPLETE, REFUSED, WITHDRAWN, Evidence, Room
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.rooms import Open

OVER = (COMPLETE, REFUSED, WITHDRAWN)
"""States of a room in which there is something to prove."""


def several(room_id: str) -> list[Evidence]:
    """The newest first, those being made among them."""
    asked = select(Evidence).where(Evidence.room_id == room_id)
    return list(db.session.scalars(asked.order_by(Evidence.asked_at.desc(), Evidence.id)))


def latest(room_id: str) -> Evidence | None:
    """The newest that is ready."""
    return next((one for one in several(room_id) if one.made_at is not None), None)


def by_id(evidence_id: str) -> Evidence:
    row = db.session.get(Evidence, evidence_id)
    if row is None:
        raise NotFound()
    return row


def may_read(identity: Identity, known: Open) -> bool:
    """Whoever runs the room and those who sign in it; not everybody who may have the paper."""
    return runs(identity, known.row) or bool(known.of_person(identity.person))


def seal_of(row: Evidence) -> str:
    """What its encrypted bytes are bound to."""
    return f"evidence:{row.id}"


def bytes_of(room: Room, row: Evidence) -> bytes:
    """Raises NotFound once the paper was erased."""
    return unsealed(room.subject, row.name, seal_of(row))


def recognised(sha256: str) -> Recognised | None:
    """An evidence that was made here, as a paper of the document it is about; nothing once it was erased."""
    with unscoped("anybody may ask whether a file was issued here"):
        row = db.session.scalar(select(Evidence).where(Evidence.sha256 == sha256).limit(1)) if sha256 else None
        room = db.session.get(Room, row.room_id) if row else None
        if room is None or key_of(room.subject) is None:
            return None
        paper = db.session.get(Paper, room.paper_id)
        return Recognised(paper) if paper else None

"""Every state of a room's file is kept, encrypted, under a name of its own; what is told of a room in the record."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import select

from workflow import clock, storage
from workflow.db import db, new_id
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import Fact
from workflow.signing.models import Revision, Room, View
from workflow.signing.queries.revisions import instant, next_seq, revision_seal


def keep(row: Room, data: bytes, why: str, *, before: str = "", signatory: str | None = None) -> Revision:
    """A new state of the file. Whoever calls holds the room. Raises Refused once the room was erased."""
    made = Revision(
        id=new_id(),
        operation_id=row.operation_id,
        room_id=row.id,
        seq=next_seq(row.id),
        why=why,
        signatory_id=signatory,
        before=before,
        after=sha256(data).hexdigest(),
        name="",
        size=len(data),
        at=instant(row),
    )
    made.name = f"signing/{made.id}"
    store = storage.open_store(current_app.config["RELAIS"].storage_url)
    store.put(made.name, storage.seal(record.key_for(row.subject), data, revision_seal(made.id)))
    db.session.add(made)
    db.session.flush()
    return made


def note(row: Room, kind: str, by: str, **data: Any) -> Fact:
    """Tell the record what is no step of the course: ids, codes and hashes. Steps are told under the room's subject."""
    return record.note(chain_of(row.operation_id), f"signing:{row.id}", kind, {"person": by}, **data)


def seen(row: Room, who: str, mark: str) -> None:
    """Somebody has these bytes before them; once for each state of the file."""
    asked = select(View.id).where(View.room_id == row.id, View.who == who, View.sha256 == mark)
    if db.session.scalar(asked.limit(1)) is None:
        told = {"room_id": row.id, "who": who, "sha256": mark, "at": clock.now()}
        db.session.add(View(id=new_id(), operation_id=row.operation_id, **told))


def forget_with(subject: str) -> None:
    """The paper of these rooms was erased: so are they."""
    for row in db.session.scalars(select(Room).where(Room.paper_subject == subject)):
        record.forget(row.subject)

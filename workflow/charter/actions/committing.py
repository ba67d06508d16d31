"""What each signatory promised, with its day: written down once the text is settled, followed up afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.access import Identity
from workflow.charter.actions.beginning import note
from workflow.charter.models import SETTLED, Commitment, Consultation
from workflow.charter.queries import drafts
from workflow.charter.queries.committed import one_of
from workflow.charter.queries.entitled import may_draft
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused

STATES = ("open", "kept", "late", "dropped")


@dataclass(frozen=True)
class Promise:
    """bearer: a slug, "" for the tenants; due: None where it always holds; said: where it stands, for everybody."""

    article: str
    bearer: str
    words: str
    due: date | None
    state: str = "open"
    said: str = ""


def put_commitment(identity: Identity, row: Consultation, commitment_id: str, seen: int, told: Promise) -> Commitment:
    """A new one where the id is "". Raises NotFound, Refused, Moved, Invalid."""
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    if row.state != SETTLED:
        raise Refused("not_settled", "Settle on a version first: commitments are those of a text that does not change.")
    _check(row, told)
    found = one_of(row, commitment_id, hold=True) if commitment_id else None
    if found is not None and found.version != seen:
        raise Moved("Somebody changed this commitment meanwhile.")
    if found is None:
        found = Commitment(id=new_id(), operation_id=row.operation_id, consultation_id=row.id, version=0)
        db.session.add(found)
    for name in ("article", "bearer", "words", "due", "state", "said"):
        setattr(found, name, getattr(told, name))
    found.version += 1
    db.session.flush()
    note(row, "CommitmentPut", identity.person, commitment=found.id, state=told.state)
    return found


def _check(row: Consultation, told: Promise) -> None:
    if told.article not in {one.key for one in drafts.current_parts(row)}:
        raise Invalid([FieldError("article", "Choose the article it is about.")])
    if not told.words.strip():
        raise Invalid([FieldError("words", "Write what is promised.")])
    if told.state not in STATES:
        raise Invalid([FieldError("state", "Say where it stands.")])
    if told.state in ("late", "dropped") and not told.said.strip():
        raise Invalid([FieldError("said", "Say why: everybody reads it.")])

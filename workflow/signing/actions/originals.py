"""The document goes round on paper: how many originals there are, who has each now, when it left and came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import FieldError, Forbidden, Invalid, Refused
from workflow.signing.actions.keeping import note
from workflow.signing.models import COMPLETE, OPEN, Original, Room
from workflow.signing.queries import rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.rooms import Open

MOST = 20
OFFICE = "office"
"""Stands for whoever sends the originals round."""


@dataclass(frozen=True)
class Move:
    """One original changes hands. to: id of a signatory, or OFFICE."""

    number: int
    to: str
    on: date | None


def put_on_paper(identity: Identity, reference: str, count: int) -> None:
    """So many originals, all with the office. Raises Invalid, Forbidden, Refused (there are some already)."""
    row = _of(identity, reference)
    if not 1 <= count <= MOST:
        raise Invalid([FieldError("count", "Choose between 1 and %(count)s originals.", {"count": MOST})])
    if db.session.scalar(select(Original.id).where(Original.room_id == row.id).limit(1)):
        raise Refused("on_paper_already", "The originals on paper are counted already.")
    for number in range(1, count + 1):
        db.session.add(
            Original(id=new_id(), operation_id=row.operation_id, room_id=row.id, number=number, keeper="", moves=[])
        )
    note(row, "PutOnPaper", identity.person, originals=count)


def move(identity: Identity, reference: str, told: Move) -> None:
    """Sent on, or received back. Raises Invalid, Forbidden."""
    row = _of(identity, reference)
    known = Open(row)
    asked = select(Original).where(Original.room_id == row.id, Original.number == told.number).with_for_update()
    found = db.session.scalar(asked)
    errors = []
    if found is None:
        errors.append(FieldError("number", "Choose one of the originals."))
    if told.to != OFFICE and told.to not in {one.id for one in known.parties}:
        errors.append(FieldError("to", "Say who has it now."))
    if told.on is None or told.on > clock.today(known.zone):
        errors.append(FieldError("on", "Say on which day: today or before."))
    if errors or found is None or told.on is None:
        raise Invalid(errors)
    found.holder = "" if told.to == OFFICE else told.to
    done = {"to": told.to, "on": told.on.isoformat(), "by": identity.person, "at": clock.now().isoformat()}
    found.moves = [*found.moves, done]
    note(row, "OriginalMoved", identity.person, number=told.number, to=told.to, on=told.on.isoformat())


def _of(identity: Identity, reference: str) -> Room:
    row = rooms.room(reference, lock=True)
    if not runs(identity, row):
        raise Forbidden()
    if row.state not in (OPEN, COMPLETE):
        raise Refused("closed", "This room is over.")
    return row

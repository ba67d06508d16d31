"""Who still has to sign, of several rooms at once: read in a number of questions that does not grow with the rooms."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from workflow import access
from workflow.access import Identity
from workflow.approvals.models import Voter
from workflow.db import db
from workflow.filing.models import Paper
from workflow.filing.queries.signatures import Held, Names, Signatures
from workflow.record.queries import texts
from workflow.signing.models import COMPLETE, OPEN, Room, Signatory
from workflow.signing.queries.revisions import bytes_of, present
from workflow.signing.queries.rooms import asked_of, delegate_voice, rooms_of, voice_of
from workflow.signing.rules.course import steps_of

_AT_ONCE = 500  # rooms in one question


@dataclass(frozen=True)
class Awaited:
    """Somebody who is asked to sign now. name: of whoever signs instead, where somebody does."""

    signatory: str
    name: str
    capacity: str
    organisation: str

    def named(self, *, names: bool) -> str:
        """As a reader may know them: who reads no names of households reads the capacity of somebody who signs for
        themself.
        """
        return self.name if names or self.organisation else (self.capacity or _("a person"))


def signatories_of(rows: Sequence[Room]) -> dict[str, list[Signatory]]:
    """{room: its signatories, in the order in which they are asked}."""
    found: dict[str, list[Signatory]] = {row.id: [] for row in rows}
    for first in range(0, len(rows), _AT_ONCE):
        some = [row.id for row in rows[first : first + _AT_ONCE]]
        asked = select(Signatory).where(Signatory.room_id.in_(some))
        for one in db.session.scalars(asked.order_by(Signatory.rank, Signatory.place, Signatory.id)):
            found[one.room_id].append(one)
    return found


def asked_now(rows: Sequence[Room], known: Mapping[str, list[Signatory]]) -> dict[str, list[Signatory]]:
    """{room: those of its signatories who are asked now and have not spoken}, of rooms under way."""
    voices = _voices([row.subject for row in rows if row.state == OPEN])
    return {row.id: _of(row, known[row.id], voices) for row in rows}


def _of(row: Room, signatories: list[Signatory], voices: Collection[tuple[str, str, str]]) -> list[Signatory]:
    steps = {one.id: step for step, some in steps_of(asked_of(signatories)) for one in some}
    return [one for one in signatories if any((row.subject, steps[one.id], who) in voices for who in _seats(one))]


def _seats(one: Signatory) -> set[str]:
    """Under which ids somebody is asked: their own, or that of whoever signs instead."""
    return {delegate_voice(one)} if one.delegate else {voice_of(one).person}


def _voices(subjects: Sequence[str]) -> set[tuple[str, str, str]]:
    """(room, step, who) of everybody who is asked and has not spoken."""
    found: set[tuple[str, str, str]] = set()
    for first in range(0, len(subjects), _AT_ONCE):
        some = subjects[first : first + _AT_ONCE]
        asked = select(Voter.subject, Voter.step, Voter.person).where(Voter.subject.in_(some), Voter.decided.is_(False))
        found |= {(subject, step, person) for subject, step, person in db.session.execute(asked)}
    return found


def opened(asked: Iterable[Signatory]) -> dict[str, Awaited]:
    """{signatory: who that is}; whoever was erased is left out."""
    several = list(asked)
    told = texts(text_id for one in several for text_id in (one.told, one.delegate) if text_id)
    words = {key: json.loads(one) for key, one in told.items()}
    return {one.id: _awaited(one, words) for one in several if one.told in words}


def _awaited(one: Signatory, words: Mapping[str, dict[str, str]]) -> Awaited:
    acting, own = words.get(one.delegate or one.told, words[one.told]), words[one.told]
    return Awaited(one.id, acting.get("name", ""), acting.get("capacity", ""), own.get("organisation", ""))


# -- what the list of all papers is told --------------------------------------------------------------------------


def _of_papers(operation: str, state: str) -> ColumnElement[bool]:
    return Paper.id.in_(select(Room.paper_id).where(Room.operation_id == operation, Room.state == state))


def _states(ids: Sequence[str]) -> dict[str, bool]:
    if not ids:
        return {}
    asked = select(Room.paper_id, Room.state).where(Room.paper_id.in_(list(ids)), Room.state.in_((OPEN, COMPLETE)))
    return {paper: state == COMPLETE for paper, state in db.session.execute(asked)}


def _held(ids: Sequence[str]) -> dict[str, Held]:
    if not ids:
        return {}
    asked = select(Room.paper_id, Room.reference, Room.state).where(Room.paper_id.in_(list(ids)))
    return {paper: Held(*told) for paper, *told in db.session.execute(asked.order_by(Room.made_at, Room.id.desc()))}


def _file(paper_id: str) -> bytes | None:
    row = next((one for one in rooms_of(paper_id) if one.state == COMPLETE), None)
    return bytes_of(row, present(row)) if row else None


def _waits(identity: Identity, operation: str, ids: Sequence[str] | None) -> dict[str, Names]:
    asked = select(Room).where(Room.operation_id == operation, Room.state == OPEN)
    asked = asked if ids is None else asked.where(Room.paper_id.in_(list(ids)))
    rows = list(db.session.scalars(asked)) if ids is None or ids else []
    now = asked_now(rows, signatories_of(rows))
    known = opened(one for some in now.values() for one in some)
    names = access.may_read_names(identity, operation)
    return {
        row.paper_id: tuple(known[one.id].named(names=names) for one in now[row.id] if one.id in known) for row in rows
    }


SIGNATURES = Signatures(
    asked=lambda operation: _of_papers(operation, OPEN),
    signed=lambda operation: _of_papers(operation, COMPLETE),
    states=_states,
    waits=_waits,
    held=_held,
    file=_file,
)

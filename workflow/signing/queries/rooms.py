"""Rooms and their signatories, opened: as they are read by pages, jobs and the course."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from sqlalchemy import select

from forms.definition import Form
from forms.definition import load as load_form
from workflow.catalogue.queries import Published
from workflow.circuit.events import Voice
from workflow.circuit.model import Circuit
from workflow.db import db
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import Paper
from workflow.operations.queries import operation as find_operation
from workflow.record.queries import text
from workflow.signing.models import COMPLETE, OPEN, PREPARING, REFUSED, SUBJECT, WITHDRAWN, Room, Signatory
from workflow.signing.rules.course import NAME, ROLE, Asked, course, generic, steps_of

OUTSIDER = "signatory:"
"""How somebody without account is named in the course: this, then the id of the signatory."""
LABEL = {"fr": "Signature d’un document", "en": "Signature of a document"}
ROLE_LABEL = {"fr": "signataire", "en": "signatory"}
_NO_FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>signing</h:title><model><instance><data id="signing"/></instance></model></h:head><h:body/></h:html>"""


@dataclass(frozen=True)
class Words:
    """What is sealed of somebody who signs. why: what is said of a mandate that lacks."""

    name: str = ""
    capacity: str = ""
    organisation: str = ""
    mail: str = ""
    postal: str = ""
    why: str = ""


@dataclass(frozen=True)
class Party:
    """One signatory, opened. acting: the words of whoever signs: their delegate, once there is one."""

    row: Signatory
    words: Words
    stand_in: Words | None = None

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def acting(self) -> Words:
        return self.stand_in or self.words

    @property
    def person(self) -> str | None:
        """The person with an account who signs; None for somebody who comes by a link or signs on paper."""
        return self.row.delegate_person if self.row.delegate else self.row.person_id

    @property
    def voice(self) -> Voice:
        return voice_of(self.row)

    @property
    def mandate(self) -> tuple[str, str, date | None, str | None]:
        """(kind, number, day, file) under which they sign."""
        told = self.row.delegation
        if self.row.delegate and told:
            day = date.fromisoformat(told["day"]) if told.get("day") else None
            return told.get("kind", ""), told.get("number", ""), day, told.get("file")
        return self.row.mandate, self.row.mandate_number, self.row.mandate_day, self.row.mandate_file


def opened_words(text_id: str) -> Words:
    """What was sealed of somebody. Raises NotFound once it was erased."""
    told = text(text_id)
    if told is None:
        raise NotFound("This document has been erased.")
    return Words(**json.loads(told))


def party_of(row: Signatory) -> Party:
    return Party(row, opened_words(row.told), opened_words(row.delegate) if row.delegate else None)


def signatories(room_id: str) -> list[Signatory]:
    """In the order in which they are asked."""
    asked = select(Signatory).where(Signatory.room_id == room_id)
    return list(db.session.scalars(asked.order_by(Signatory.rank, Signatory.place, Signatory.id)))


def parties(room_id: str) -> list[Party]:
    return [party_of(row) for row in signatories(room_id)]


def voice_of(row: Signatory) -> Voice:
    """The seat of a signatory in the course; a delegate takes it over by an event of the course."""
    return Voice(row.person_id or f"{OUTSIDER}{row.id}", ROLE, row.organisation or None)


def delegate_voice(row: Signatory) -> str:
    """Under which id the delegate of a signatory acts."""
    kept = (row.delegation or {}).get("voice", "")  # their words were sealed anew since: another address
    return row.delegate_person or kept or f"{OUTSIDER}{row.id}-{row.delegate[:12]}"


def asked_of(rows: Iterable[Signatory]) -> list[Asked]:
    return [Asked(row.id, row.rank, row.group, row.needed) for row in rows]


# -- rooms --------------------------------------------------------------------------------------------------------


def room(reference: str, *, lock: bool = False) -> Room:
    """A room of the scope. Raises NotFound."""
    asked = select(Room).where(Room.reference == reference)
    asked = asked.with_for_update().execution_options(populate_existing=True) if lock else asked
    row = db.session.scalar(asked)
    if row is None:
        raise NotFound()
    return row


def by_subject(subject: str) -> Room:
    """By the subject of its course. Raises NotFound."""
    row = db.session.scalar(select(Room).where(Room.id == subject.removeprefix(SUBJECT)))
    if row is None:
        raise NotFound()
    return row


def rooms_of(paper_id: str) -> list[Room]:
    """The rooms of a paper, the latest first."""
    asked = select(Room).where(Room.paper_id == paper_id)
    return list(db.session.scalars(asked.order_by(Room.made_at.desc(), Room.id)))


def room_by_id(room_id: str | None) -> Room | None:
    return db.session.scalar(select(Room).where(Room.id == room_id)) if room_id else None


def accessions(row: Room) -> list[Room]:
    """Those by which newcomers join what was signed here, in order."""
    asked = select(Room).where(Room.accession_to == row.id, Room.state != PREPARING)
    return list(db.session.scalars(asked.order_by(Room.made_at, Room.id)))


def next_version(row: Room) -> Room | None:
    """The room that replaces this one."""
    return db.session.scalar(select(Room).where(Room.replaces == row.id).order_by(Room.made_at.desc()).limit(1))


def to_follow(operation: str, most: int = 50) -> list[tuple[Room, str, str]]:
    """Rooms that are over, the latest first: another document may follow. (room, title, reference of its paper)."""
    asked = select(Room, Paper.title, Paper.reference).join(Paper, Paper.id == Room.paper_id)
    asked = asked.where(Room.operation_id == operation, Room.state.in_((COMPLETE, REFUSED, WITHDRAWN)))
    rows = db.session.execute(asked.order_by(Room.closed_at.desc(), Room.id).limit(most))
    return [(row, title, reference) for row, title, reference in rows]


def of_operation(operation: str) -> list[Room]:
    """Every room of an operation, the latest first."""
    asked = select(Room).where(Room.operation_id == operation)
    return list(db.session.scalars(asked.order_by(Room.made_at.desc(), Room.id)))


@dataclass(frozen=True)
class Open:
    """A room with all that is read beside it, each looked up once."""

    row: Room

    @cached_property
    def paper(self) -> Paper:
        return filing.paper(self.row.paper_id)

    @cached_property
    def title(self) -> str:
        return self.paper.title or self.paper.reference

    @cached_property
    def parties(self) -> list[Party]:
        return parties(self.row.id)

    @cached_property
    def zone(self) -> str:
        place = find_operation(self.row.operation_id)
        return place.zone if place else "Europe/Paris"

    def party(self, signatory_id: str) -> Party:
        """Raises NotFound."""
        found = next((one for one in self.parties if one.id == signatory_id), None)
        if found is None:
            raise NotFound()
        return found

    def step(self, party: Party) -> str:
        return self.steps[party.id]

    @cached_property
    def steps(self) -> dict[str, str]:
        """{signatory: step at which they sign}."""
        return {one.id: step for step, some in steps_of(self._asked) for one in some}

    @cached_property
    def _asked(self) -> Sequence[Asked]:
        return asked_of(one.row for one in self.parties)

    def of_person(self, person: str) -> list[Party]:
        """The signatories that somebody with an account is, or stands in for by a mandate."""
        return [one for one in self.parties if one.person == person]


# -- its course ---------------------------------------------------------------------------------------------------


def published(subject: str) -> Published:
    """The course of one room, as the engine runs it."""
    row = by_subject(subject)
    return _published(course(asked_of(signatories(row.id)), row.delay))


def built_in() -> Published:
    """How lists that know of no single room speak of them."""
    return _published(generic())


def _published(circuit: Circuit) -> Published:
    settings = {"roles": {ROLE: {"label": ROLE_LABEL}}}
    return Published(NAME, NAME, LABEL, settings, _no_form(), circuit, {})


@cache
def _no_form() -> Form:
    return load_form(_NO_FORM, {})


def is_over(row: Room, today: date) -> bool:
    """Whether the last day to sign has passed."""
    return row.state == OPEN and row.until is not None and today > row.until

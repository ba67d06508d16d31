"""What approvals is told of rooms: how they are spoken of, who may open one, which are found by some words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select

from workflow.access import Identity
from workflow.approvals.models import Voter
from workflow.approvals.queries.standing import Excerpt
from workflow.circuit.decide import Actor, Voice
from workflow.db import db
from workflow.filing.models import Paper
from workflow.people.rules import folded
from workflow.signing.models import SUBJECT, Room, Signatory
from workflow.signing.queries import listing
from workflow.signing.queries.entitled import managers, runs
from workflow.signing.queries.revisions import base
from workflow.signing.queries.rooms import asked_of, by_subject, signatories, voice_of
from workflow.signing.rules.course import ROLE, steps_of

RUNNING = "manager"
"""The capacity of whoever runs a room: they remind, put off, end; they never sign by it."""


@dataclass(frozen=True)
class Answers:
    """A room asks nothing: what is signed is the file as it was when the room opened."""

    subject: str

    @cached_property
    def shown(self) -> str:
        return base(by_subject(self.subject)).after

    @property
    def section_hashes(self) -> Mapping[str, str]:
        return {}

    def holds(self, condition: str) -> bool:
        return True

    def said(self, path: str) -> str:
        return ""

    def stale(self) -> Iterable[str]:
        return ()


def voices(subject: str, step: str) -> set[Voice]:
    """Whom a step asks."""
    rows = {row.id: row for row in signatories(subject.removeprefix(SUBJECT))}
    here = next((some for one, some in steps_of(asked_of(rows.values())) if one == step), ())
    return {voice_of(rows[one.id]) for one in here}


def capacities(subject: str, identity: Identity) -> list[Actor]:
    """The signatories this person is, or signs for by a mandate; then as whoever runs the room."""
    row = by_subject(subject)
    mine = [one for one in signatories(row.id) if identity.person == (one.delegate_person or one.person_id)]
    found = [Actor(identity.person, ROLE, one.organisation or None) for one in mine if not _given_away(one, identity)]
    if runs(identity, row):
        found.append(Actor(identity.person, RUNNING, None))
    return list(dict.fromkeys(found))


def _given_away(row: Signatory, identity: Identity) -> bool:
    return bool(row.delegate) and row.delegate_person != identity.person


def runs_it(subject: str) -> frozenset[str]:
    return managers(by_subject(subject))


def sentences(subjects: Iterable[str], identity: Identity) -> dict[str, dict[str, Any]]:
    """How lists speak of these rooms: by the title of what is signed."""
    found = {}
    for row, paper in _with_papers(subjects):
        found[row.subject] = {
            "page": "signing.room",
            "reference": row.reference,
            "household": paper.reference,
            "who": paper.title or paper.reference,
            "where": {},
            "whole": True,
            "signs": True,
        }
    return found


def openable(subjects: Iterable[str], identity: Identity) -> set[str]:
    found = _with_papers(subjects)
    may = listing.openable(identity, found)
    return {row.subject for row, _paper in found if row.id in may}


def _with_papers(subjects: Iterable[str]) -> list[tuple[Room, Paper]]:
    wanted = [one.removeprefix(SUBJECT) for one in subjects]
    asked = select(Room, Paper).join(Paper, Paper.id == Room.paper_id).where(Room.id.in_(wanted))
    return [(row, paper) for row, paper in db.session.execute(asked)]


def sought(words: str, identity: Identity) -> Select[Any]:
    """Rooms in which this person is asked, of whose paper all these words speak."""
    asked = select(Voter.subject).join(Room, Voter.subject == SUBJECT + Room.id).join(Paper, Paper.id == Room.paper_id)
    asked = asked.where(Voter.person == identity.person, Voter.operation_id.in_(sorted(identity.operations)))
    return asked.where(*(Paper.search.contains(word, autoescape=True) for word in folded(words).split()))


def excerpt(_subject: str, _lens: str, _lang: str) -> Excerpt:
    return Excerpt((), frozenset())

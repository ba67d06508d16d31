"""Every room of an operation that a reader may open, in one list: as many questions for two as for two hundred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from workflow import access
from workflow.access import Identity
from workflow.approvals.models import Task, Voter
from workflow.circuit.deadlines import last_day, local_day
from workflow.db import db
from workflow.filing.models import Paper
from workflow.filing.queries.shelves import Wanted as OnShelves
from workflow.filing.queries.shelves import on_shelves
from workflow.people.rules import folded
from workflow.signing.models import OPEN, SIGNED, SUBJECT, OnPaper, Revision, Room, Signatory
from workflow.signing.queries.awaited import asked_now, opened, signatories_of
from workflow.signing.queries.entitled import runs

MINE, LATE = "mine", "late"
_AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """What the list was asked. state: of a room, or MINE, LATE, or "" for all; now, zone: when and where it is read."""

    operation: str
    now: datetime
    zone: str
    words: tuple[str, ...] = ()
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One room. until: the last day of those who are asked now; over: nobody signs any more unless it is put off."""

    row: Room
    title: str
    reference: str
    mine: bool
    late: bool
    over: bool
    until: date | None
    signed: int = 0
    count: int = 0
    asked: tuple[str, ...] = ()


class Rooms(Sequence[Line]):
    """The rooms a reader may open, as wanted: what waits for them first, then what is late, then the latest."""

    def __init__(self, identity: Identity, wanted: Wanted) -> None:
        self.identity, self.wanted = identity, wanted
        self._names = access.may_read_names(identity, wanted.operation)
        every = _known(identity, wanted)
        self.known = len(every)
        self._lines = sorted((one for one in self._kept(every)), key=_order)

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, at: Any) -> Any:
        return self._told(self._lines[at]) if isinstance(at, slice) else self._told([self._lines[at]])[0]

    def __iter__(self) -> Iterator[Line]:
        for first in range(0, len(self._lines), _AT_ONCE):
            yield from self._told(self._lines[first : first + _AT_ONCE])

    def _kept(self, every: list[Line]) -> list[Line]:
        state, words = self.wanted.state, self.wanted.words
        found = [one for one in every if _is_in(one, state)]
        if not words:
            return found
        asked = self._asked([one.row for one in found])
        said = {one.row.id: folded(" ".join((one.title, one.reference, *asked[one.row.id]))) for one in found}
        return [one for one in found if all(word in said[one.row.id] for word in words)]

    def _asked(self, rows: list[Room]) -> dict[str, tuple[str, ...]]:
        now = asked_now(rows, signatories_of(rows))
        known = opened(one for some in now.values() for one in some)
        return {
            key: tuple(known[one.id].named(names=self._names) for one in some if one.id in known)
            for key, some in now.items()
        }

    def _told(self, lines: list[Line]) -> list[Line]:
        """With who signed and who is asked, read for all of them at once."""
        rows = [one.row for one in lines]
        everybody = signatories_of(rows)
        now, done = asked_now(rows, everybody), _signed(rows)
        known = opened(one for some in now.values() for one in some)
        return [self._full(one, everybody[one.row.id], now[one.row.id], done, known) for one in lines]

    def _full(self, line: Line, everybody: list[Signatory], now: list[Signatory], done: set[str], known: Any) -> Line:
        asked = {one.id for one in now}
        names = tuple(known[one.id].named(names=self._names) for one in now if one.id in known)
        signed = sum(one.id in done and one.id not in asked for one in everybody)
        return Line(**{**vars(line), "signed": signed, "count": len(everybody), "asked": names})


def _order(one: Line) -> tuple[bool, bool, float]:
    return not one.mine, not one.late, -one.row.made_at.timestamp()


def _is_in(one: Line, state: str) -> bool:
    if state == MINE:
        return one.mine
    return one.late if state == LATE else state in ("", one.row.state)


def _known(identity: Identity, wanted: Wanted) -> list[Line]:
    asked = select(Room, Paper).join(Paper, Paper.id == Room.paper_id).where(Room.operation_id == wanted.operation)
    found = [(row, paper) for row, paper in db.session.execute(asked)]
    may = openable(identity, found)
    mine, due = _mine(identity, wanted.operation), _due(wanted.operation)
    return [
        _line(row, paper, wanted, mine=row.subject in mine, due=due.get(row.subject))
        for row, paper in found
        if row.id in may
    ]


def _line(row: Room, paper: Paper, wanted: Wanted, *, mine: bool, due: datetime | None) -> Line:
    going = row.state == OPEN
    over = going and row.until is not None and local_day(wanted.now, wanted.zone) > row.until
    days = [row.until, last_day(due, wanted.zone) if due else None]
    return Line(
        row,
        paper.title or paper.reference,
        paper.reference,
        mine=mine and going and not over,
        late=over or (going and due is not None and due <= wanted.now),
        over=over,
        until=min((one for one in days if one is not None), default=None) if going else None,
    )


def openable(identity: Identity, found: Sequence[tuple[Room, Paper]]) -> set[str]:
    """Ids of those of these rooms that a reader may open: they run it, sign in it, or may have its paper."""
    may = {row.id for row, _paper in found if runs(identity, row)}
    rest = [(row, paper) for row, paper in found if row.id not in may]
    if not rest:
        return may
    signs = func.coalesce(Signatory.delegate_person, Signatory.person_id) == identity.person
    operations = sorted({row.operation_id for row, _paper in rest})
    asked = select(Signatory.room_id).where(Signatory.operation_id.in_(operations), signs)
    may |= set(db.session.scalars(asked)) & {row.id for row, _paper in rest}
    for operation in operations:
        papers = frozenset(paper.id for row, paper in rest if row.operation_id == operation and row.id not in may)
        had = {line.id for line in on_shelves(identity, OnShelves(operation, only=papers))} if papers else set()
        may |= {row.id for row, paper in rest if paper.id in had}
    return may


def _mine(identity: Identity, operation: str) -> set[str]:
    asked = select(Voter.subject).where(Voter.person == identity.person, Voter.decided.is_(False))
    return set(db.session.scalars(asked.where(Voter.operation_id == operation, Voter.subject.startswith(SUBJECT))))


def _due(operation: str) -> dict[str, datetime]:
    """{room: the first of the instants until which those asked now sign}."""
    asked = select(Task.subject, func.min(Task.due)).where(Task.operation_id == operation, Task.due.is_not(None))
    asked = asked.where(Task.subject.startswith(SUBJECT)).group_by(Task.subject)
    return {subject: due for subject, due in db.session.execute(asked)}


def _signed(rows: Sequence[Room]) -> set[str]:
    """Signatories whose signature stands in the file or on paper."""
    ids = [row.id for row in rows]
    asked = select(Revision.signatory_id).where(Revision.room_id.in_(ids), Revision.why == SIGNED)
    found = {one for one in db.session.scalars(asked.where(Revision.undone_at.is_(None))) if one}
    for several in db.session.scalars(select(OnPaper.signatories).where(OnPaper.room_id.in_(ids))):
        found |= set(several)
    return found

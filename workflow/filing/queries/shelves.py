"""All papers in one list. Each kind of subject keeps its papers on a shelf of its own, and says who may have which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from workflow.access import Identity
from workflow.db import db
from workflow.filing.models import MAKING, READY, KeptFile, Paper
from workflow.filing.queries import signatures
from workflow.outbox import FAILED, Outbox
from workflow.record.models import GONE, SubjectKey

SIGNING, WRITING, STUCK, AT_HAND, SIGNED, REPLACED, VOID = (
    *("signing", "making", "failed", "ready"),
    *("signed", "replaced", "void"),
)
NEWEST, OLDEST, REFERENCE, ABOUT = "", "oldest", "reference", "about"
_AT_ONCE = 500  # ids in one question
NOBODY = literal("")
Place = tuple[str, Mapping[str, str]]
"""A page: its endpoint, and what stands in its address."""


@dataclass(frozen=True)
class Wanted:
    """What a list was asked. only: ids of papers, when some were named."""

    operation: str
    words: tuple[str, ...] = ()  # folded; each must be found
    kind: str = ""
    state: str = ""
    sort: str = NEWEST
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One line before anything is read of it. order: by what it is sorted, alike on every shelf."""

    shelf: str
    id: str
    order: Any


@dataclass(frozen=True)
class Line:
    """One line of the list. paper: None for what is signed before it is written, and is not yet. page: the one it
    belongs to; about: whom it is about, as this reader may know, and their page. waits: who still has to sign. signed:
    a signed copy on paper is attached. files: {"pdf", "docx": where it is downloaded}, none while there is none.
    """

    id: str
    title: str
    reference: str
    at: datetime
    state: str
    kind: str = ""
    audience: str = ""
    page: Place | None = None
    about: str = ""
    about_page: Place | None = None
    parties: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    signed: bool = False
    files: Mapping[str, Place] = field(default_factory=dict)
    paper: Paper | None = None


@dataclass(frozen=True)
class Shelf:
    """kinds: {kind: its name} of what may stand there. asked: the question that finds those this reader may have, as
    wanted: rows of (id, by what they are sorted); None when there can be none. lines: what is said of some of them,
    whichever they are.
    """

    name: str
    kinds: Callable[[Identity, str], Mapping[str, str]]
    asked: Callable[[Identity, Wanted], Select[Any] | None]
    lines: Callable[[Identity, str, Sequence[str]], Mapping[str, Line]]


_shelves: dict[str, Shelf] = {}


def register_shelf(shelf: Shelf) -> None:
    """Handed in at start by whoever asks for papers."""
    _shelves[shelf.name] = shelf


class Found(Sequence[Line]):
    """The papers of an operation that a reader may have, as wanted: counted, and read only where they are looked at."""

    def __init__(self, identity: Identity, wanted: Wanted) -> None:
        self.identity, self.wanted = identity, wanted
        asked = ((shelf.name, shelf.asked(identity, wanted)) for shelf in _shelves.values())
        self._asked = {name: question for name, question in asked if question is not None}

    @cached_property
    def _count(self) -> int:
        counts = (select(func.count()).select_from(one.subquery()) for one in self._asked.values())
        return sum(db.session.scalar(one) or 0 for one in counts)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            first, last, _step = at.indices(len(self))
            return self._read(self._leaves(last)[first:last])
        return self._read(self._leaves(at + 1)[at : at + 1])[0]

    def __iter__(self) -> Iterator[Line]:
        leaves = self._leaves()
        for first in range(0, len(leaves), _AT_ONCE):
            yield from self._read(leaves[first : first + _AT_ONCE])

    def _leaves(self, most: int | None = None) -> list[Leaf]:
        """The first `most` of them. Those of each shelf keep their order, so that pages never overlap."""
        falling = self.wanted.sort == NEWEST
        shelves = [self._of(name, most, falling=falling) for name in self._asked]
        return list(islice(merge(*shelves, key=lambda leaf: leaf.order, reverse=falling), most))

    def _of(self, name: str, most: int | None, *, falling: bool) -> list[Leaf]:
        question = self._asked[name]
        key, order = question.selected_columns
        turned = (order.desc(), key.desc()) if falling else (order, key)
        return [Leaf(name, *row) for row in db.session.execute(question.order_by(*turned).limit(most))]

    def _read(self, leaves: Sequence[Leaf]) -> list[Line]:
        told: dict[tuple[str, str], Line] = {}
        for name in {one.shelf for one in leaves}:
            ids = [one.id for one in leaves if one.shelf == name]
            read = _shelves[name].lines(self.identity, self.wanted.operation, ids)
            told |= {(name, key): line for key, line in read.items()}
        return [told[one.shelf, one.id] for one in leaves if (one.shelf, one.id) in told]


def on_shelves(identity: Identity, wanted: Wanted) -> Found:
    """The papers of an operation this reader may have, as wanted."""
    return Found(identity, wanted)


def kinds_on_shelves(identity: Identity, operation: str) -> dict[str, str]:
    """{kind: its name}, by name."""
    told: dict[str, str] = {}
    for shelf in _shelves.values():
        told |= shelf.kinds(identity, operation)
    return dict(sorted(told.items(), key=lambda one: one[1].casefold()))


# -- what every shelf of papers asks alike ------------------------------------------------------------------------


def papers_wanted(wanted: Wanted, mine: ColumnElement[bool], said: Said, *, about: Any = NOBODY) -> Select[Any] | None:
    """The papers for which `mine` holds. about: a column by which one sorts by whom they are about."""
    order = {NEWEST: Paper.asked_at, OLDEST: Paper.asked_at, REFERENCE: Paper.reference}.get(wanted.sort, about)
    asked = select(Paper.id, order.label("sorted"))
    asked = asked.where(Paper.operation_id == wanted.operation, Paper.void_of.is_(None), mine)
    asked = said.joined(asked).where(*(said.says(word) for word in wanted.words))
    if wanted.kind:
        asked = asked.where(Paper.kind == wanted.kind)
    if wanted.only is not None:
        asked = asked.where(Paper.id.in_(sorted(wanted.only)))
    if wanted.state:
        asked = asked.where(in_state(wanted.state, wanted.operation, said.signed))
    return asked


@dataclass(frozen=True)
class Said:
    """What a shelf knows of its papers. more: what else a word may be found in, beside reference, title and parties.
    signed: which of them bear signatures. joined: adds the tables these conditions speak of.
    """

    more: Callable[[str], ColumnElement[bool]]
    signed: ColumnElement[bool]
    joined: Callable[[Any], Any] = lambda asked: asked

    def says(self, word: str) -> ColumnElement[bool]:
        reference = func.lower(Paper.reference).contains(word, autoescape=True)
        return or_(reference, Paper.search.contains(word, autoescape=True), self.more(word))


def in_state(state: str, operation: str, signed: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a paper is in one of the states of the list."""
    stuck = Paper.id.in_(_stuck(operation)) if state in (WRITING, STUCK) else true()
    counts = and_(Paper.state == READY, Paper.void_at.is_(None), ~_replaced())
    asked, signed = signatures.asked(operation), or_(signed, signatures.signed(operation))
    return {
        SIGNING: and_(counts, asked),
        WRITING: and_(Paper.state == MAKING, Paper.void_at.is_(None), ~stuck),
        STUCK: and_(Paper.state == MAKING, stuck),
        AT_HAND: and_(counts, ~signed, ~asked),
        SIGNED: and_(counts, signed, ~asked),
        REPLACED: and_(Paper.state == READY, Paper.void_at.is_(None), _replaced()),
        VOID: Paper.void_at.is_not(None),
    }.get(state, Paper.id.is_(None))


def _replaced() -> ColumnElement[bool]:
    """A later paper of the same kind, for the same readers, is there and counts."""
    later = aliased(Paper)
    alike = (getattr(later, name) == getattr(Paper, name) for name in ("subject", "kind", "audience", "lang"))
    counts = (later.version > Paper.version, later.state == READY, later.void_at.is_(None), later.void_of.is_(None))
    return select(later.id).where(*alike, *counts).correlate(Paper).exists()


def _stuck(operation: str) -> list[str]:
    """Ids of the papers whose job failed for good; few are under way at any time."""
    making = db.session.scalars(select(Paper.id).where(Paper.operation_id == operation, Paper.state == MAKING))
    return sorted(stuck_among(making))


def stuck_among(ids: Iterable[str]) -> set[str]:
    """Those of these papers whose job failed for good."""
    wanted, found = [f"paper:{one}" for one in ids], set[str]()
    for first in range(0, len(wanted), _AT_ONCE):
        asked = select(Outbox.subject).where(Outbox.subject.in_(wanted[first : first + _AT_ONCE]))
        found |= {told.removeprefix("paper:") for told in db.session.scalars(asked.where(Outbox.state == FAILED))}
    return found


def rows_of(ids: Iterable[str]) -> list[Paper]:
    return list(db.session.scalars(select(Paper).where(Paper.id.in_(list(ids)))))


def states_of(papers: Sequence[Paper], signed: Callable[[Paper], bool]) -> dict[str, str]:
    """{paper id: its state}, all of them asked at once."""
    stuck = stuck_among(row.id for row in papers if row.state == MAKING)
    ready = [row.id for row in papers if row.state == READY]
    replaced = set(db.session.scalars(select(Paper.id).where(Paper.id.in_(ready), _replaced())))
    in_rooms = signatures.states(ready)

    def state(row: Paper) -> str:
        if row.void_at:
            return VOID
        if row.state != READY:
            return STUCK if row.id in stuck else WRITING
        if row.id in replaced:
            return REPLACED
        if row.id in in_rooms:
            return SIGNED if in_rooms[row.id] else SIGNING
        return SIGNED if signed(row) else AT_HAND

    return {row.id: state(row) for row in papers}


def not_erased(subjects: Iterable[str]) -> set[str]:
    """Those of these subjects whose papers can still be opened."""
    return set(
        db.session.scalars(
            select(SubjectKey.subject).where(SubjectKey.subject.in_(sorted(set(subjects))), SubjectKey.wrapped != GONE)
        )
    )


def scanned(subjects: Iterable[str]) -> set[str]:
    """Those of these subjects of which somebody attached what was signed on paper."""
    asked = select(KeptFile.subject).where(KeptFile.subject.in_(sorted(subjects)), KeptFile.part == "scan")
    return set(db.session.scalars(asked.where(KeptFile.erased_at.is_(None)).distinct()))

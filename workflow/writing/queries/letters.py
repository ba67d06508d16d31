"""Letters to many households: a run, its lines, what hinders each, how far it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from documents.findings import ModelRefused
from documents.fonts import replaced
from documents.front_matter import Ask
from documents.model import Model, load
from workflow import outbox
from workflow.access import Identity
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.queries.listing import readable
from workflow.errors import NotFound
from workflow.filing.models import READY, Paper
from workflow.filing.queries.shelves import not_erased
from workflow.operations.models import Building
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.record.queries import text, texts
from workflow.writing.models import SUBJECT, WAITING, LetterLine, LetterRun, Written
from workflow.writing.queries.entitled import may_have, may_write_to_households
from workflow.writing.queries.facts import Around, around
from workflow.writing.queries.merging import merge_of
from workflow.writing.queries.orders import Wish, order, rendered, told_of
from workflow.writing.rules.asking import left_open
from workflow.writing.rules.hindering import MISSING, REFUSED, Hindrance, Recipient, hindrance

JOB = "writing.write_letters"
MOST = 2000
"""Households of one run: every letter is tried while somebody waits for the page. More of them are several lots."""


@dataclass(frozen=True)
class Wanted:
    """Which households a letter goes to: every one that fits; nothing asked is all of them."""

    tranche: str = ""
    building: str = ""
    landlord: str = ""
    referent: str = ""
    state: str = ""


def households(identity: Identity, operation: str, wanted: Wanted) -> list[Household]:
    """The households this reader follows, of those wanted."""
    asked = readable(identity, operation)
    for name in ("landlord", "referent", "state"):
        if value := getattr(wanted, name):
            asked = asked.where(getattr(Household, name) == value)
    if wanted.building:
        asked = asked.where(Household.building_id == wanted.building)
    if wanted.tranche:
        there = select(Building.id).where(Building.tranche_id == wanted.tranche)
        asked = asked.where(Household.building_id.in_(there))
    return list(db.session.scalars(asked.order_by(Household.reference)))


def by_ids(identity: Identity, operation: str, ids: Collection[str]) -> list[Household]:
    """Those of these households that this reader follows."""
    wanted, found = sorted(set(ids)), list[Household]()
    for first in range(0, len(wanted), 500):
        asked = readable(identity, operation).where(Household.id.in_(wanted[first : first + 500]))
        found += db.session.scalars(asked)
    return found


def referents(identity: Identity, operation: str) -> set[str]:
    """Who follows the households this reader follows."""
    asked = readable(identity, operation).with_only_columns(Household.referent).distinct()
    return set(filter(None, db.session.scalars(asked)))


def lots_of(row: LetterRun) -> list[LetterRun]:
    """All the lots of a letter that goes to very many households, in order; none where one run takes them all."""
    if not row.batch:
        return []
    asked = select(LetterRun).where(LetterRun.batch == row.batch, LetterRun.operation_id == row.operation_id)
    return list(db.session.scalars(asked.order_by(LetterRun.lot)))


def runs(identity: Identity, operation: str) -> list[LetterRun]:
    """The letters of an operation, the latest first; those whose papers this reader may have."""
    asked = select(LetterRun).where(LetterRun.operation_id == operation)
    rows = db.session.scalars(asked.order_by(LetterRun.made_at.desc(), LetterRun.id))
    return [row for row in rows if _may(identity, row)]


def run(identity: Identity, operation: str, run_id: str, *, lock: bool = False) -> LetterRun:
    """One of them. Raises NotFound."""
    asked = select(LetterRun).where(LetterRun.id == run_id, LetterRun.operation_id == operation)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(asked)
    if row is None or not _may(identity, row):
        raise NotFound()
    return row


def _may(identity: Identity, row: LetterRun) -> bool:
    follows = may_write_to_households(identity, row.operation_id)
    return follows and may_have(identity, row.operation_id, row.audience, "household")


def lines(row: LetterRun) -> list[LetterLine]:
    """In the order of the addresses."""
    asked = select(LetterLine).where(LetterLine.run_id == row.id)
    return list(db.session.scalars(asked.order_by(LetterLine.rank)))


def counts(run_ids: Iterable[str]) -> dict[str, Counter[str]]:
    """{run: {state of a line, "chosen": how many}}; of those chosen only."""
    found: dict[str, Counter[str]] = {one: Counter() for one in run_ids}
    asked = select(LetterLine.run_id, LetterLine.state, func.count()).where(
        LetterLine.run_id.in_(list(found)), LetterLine.chosen.is_(True)
    )
    for run_id, state, count in db.session.execute(asked.group_by(LetterLine.run_id, LetterLine.state)):
        found[run_id][state] += count
        found[run_id]["chosen"] += count
    return found


def left(row: LetterRun) -> int:
    """How many letters are still to be written."""
    asked = select(func.count()).select_from(LetterLine)
    waiting = LetterLine.run_id == row.id, LetterLine.chosen.is_(True), LetterLine.state == WAITING
    return db.session.scalar(asked.where(*waiting)) or 0


def gave_up(row: LetterRun) -> bool:
    """Whether nobody works any more at what was last started; what was given up before that counts no more."""
    asked = select(outbox.Outbox.key).where(outbox.Outbox.subject == row.subject, outbox.Outbox.kind == JOB)
    keys = db.session.scalars(asked.where(outbox.Outbox.state == outbox.FAILED))
    return any(key.startswith(turn_key(row)) for key in keys)


def turn_key(row: LetterRun) -> str:
    """How the keys of the jobs begin that were asked for when it was last started."""
    return f"{JOB}:{row.id}:{row.turn}:"


def households_of(known: Iterable[LetterLine]) -> dict[str, Household]:
    """{id: household}."""
    ids = [one.household_id for one in known]
    found: dict[str, Household] = {}
    for first in range(0, len(ids), 500):
        some = db.session.scalars(select(Household).where(Household.id.in_(ids[first : first + 500])))
        found |= {row.id: row for row in some}
    return found


def written_of(row: LetterRun) -> dict[str, Written]:
    """{id: deed of writing} of a run."""
    return {one.id: one for one in db.session.scalars(select(Written).where(Written.run_id == row.id))}


def papers_of(row: LetterRun) -> dict[str, Paper]:
    """{subject: paper} of a run, those that count and were not erased only."""
    deeds = select(Written.id).where(Written.run_id == row.id, Written.void_at.is_(None))
    asked = select(Paper).where(Paper.subject.in_(select(SUBJECT + deeds.subquery().c.id)), Paper.void_of.is_(None))
    found = {paper.subject: paper for paper in db.session.scalars(asked.where(Paper.state == READY))}
    there = not_erased(found)
    return {subject: paper for subject, paper in found.items() if subject in there}


def common_answers(row: LetterRun) -> dict[str, Any]:
    """What was asked once for all."""
    told = text(row.told)
    return dict(json.loads(told)) if told else {}


def own_answers(known: Iterable[LetterLine]) -> dict[int, dict[str, Any]]:
    """{rank: what was asked for that household alone}."""
    known = list(known)
    found = texts(one.told for one in known if one.told)
    return {one.rank: dict(json.loads(found[one.told])) for one in known if one.told in found}


class Run:
    """A run with what is read once for all its letters."""

    def __init__(self, row: LetterRun, common: Mapping[str, Any] | None = None) -> None:
        """common: answers to look at before they are kept."""
        place = find_operation(row.operation_id)
        if place is None:
            raise NotFound()
        self.row = row
        self.model: PaperModelInUse = frozen(row.model_hash)
        self.known: Around = around(place)
        self.common = common_answers(row) if common is None else dict(common)
        self.asked = row.asked or common is not None
        self.writer = people.person(row.started_by or row.made_by)

    @property
    def open_asks(self) -> tuple[Ask, ...]:
        """The questions left open, to be answered for each household."""
        return left_open(self.model.asks, self.common)

    def answers(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """Of one household: its own over the common ones."""
        return {**self.common, **{name: value for name, value in own.items() if value not in (None, "")}}

    def undrawable(self, known: Iterable[LetterLine]) -> str:
        """Signs of names, addresses and answers that no font of the papers has: a mark will stand in their place."""
        lines, lacking = list(known), set[str]()
        told = [part for home in households_of(lines).values() for part in (home.name, home.address)]
        typed = [self.common, *own_answers(lines).values()] if self.asked else []
        for words in (*told, *(str(value) for one in typed for value in one.values() if value)):
            replaced(words, lacking)
        return " ".join(sorted(sign for sign in lacking if sign.isprintable()))

    def wish(self, home: Household, own: Mapping[str, Any]) -> Wish:
        return Wish(
            model=self.model,
            known=self.known,
            day=self.row.day,
            household=home,
            asked={ask.name: None if ask.type == "number" else "" for ask in self.model.asks} | self.answers(own),
            large=self.row.large,
            writer=self.writer,
            besides=merge_of(self.row.cause).adds(self.row.cause, home.id) if self.row.cause else {},
        )

    def hindrance(self, home: Household | None, own: Mapping[str, Any], *, deep: bool = True) -> Hindrance:
        """What hinders the letter to one household. deep: the model is tried as well."""
        if home is None:
            return hindrance(Recipient("", "", "purged", merged=False))
        found = hindrance(Recipient(home.name, home.address, home.state, bool(home.merged_into)))
        found = found or self._of_cause(home)
        if found or not self.asked:
            return found
        told = self.answers(own)
        lacking = next((ask for ask in self.model.asks if ask.required and told.get(ask.name) in (None, "")), None)
        if lacking is not None:
            return [MISSING, {"label": lacking.label}]
        return self._refused(home, own) if deep else []

    def _of_cause(self, home: Household) -> Hindrance:
        """What the journey that asks for these letters has against one of them."""
        why = merge_of(self.row.cause).hinders(self.row.cause, home.id) if self.row.cause else ""
        return [why, {}] if why else []

    @cached_property
    def _loaded(self) -> Model:
        return load(self.model.text, self.model.library)

    def _refused(self, home: Household, own: Mapping[str, Any]) -> Hindrance:
        try:
            asked = order(told_of(self.wish(home, own)), self.row.audience, "", None, copy=False)
            rendered(asked, self._loaded)
        except ModelRefused as problem:
            why = "; ".join(one.msgid % dict(one.params) for one in problem.findings)
            return [REFUSED, {"why": why[:300]}]
        return []

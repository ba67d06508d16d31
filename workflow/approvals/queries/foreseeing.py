"""What one deed would lead to at one subject, looked at before it is done: the preview and the doing ask the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import Batch
from workflow.approvals.queries.standing import Standing, actors, journey, standing
from workflow.approvals.queries.under_way import last_reminded
from workflow.approvals.rules import MATERIAL, NOT_TOGETHER, READ_FIRST
from workflow.circuit import commands as c
from workflow.circuit.context import Actor
from workflow.circuit.deadlines import local_day
from workflow.circuit.decide import Consequence, Refusal, Voice, foreseen, may_judge
from workflow.circuit.model import AUTHOR
from workflow.circuit.voting import unit
from workflow.errors import NotFound
from workflow.people import queries as people

_LATER = "to be written"  # stands for a reason that is sealed only when the decision is taken


@dataclass(frozen=True)
class Deed:
    """What is to be done. command: a name of circuit.commands; reason: typed words; opinion: of GiveOpinion; to: where
    SendBack leads.
    """

    command: str
    reason: str = ""
    opinion: str = ""
    from_person: str = ""
    to_person: str = ""
    to: str = AUTHOR

    @property
    def kind(self) -> type[c.Command]:
        return c.COMMANDS[self.command]

    def at(self, step: str, shown: str, reason_ref: str = _LATER) -> c.Command:
        given: dict[str, Any] = {"step": step, "shown": shown}
        if self.kind is c.Reassign:
            given |= {"from_person": self.from_person, "to_person": self.to_person}
        if self.kind is c.SendBack:
            given["to"] = self.to
        if self.kind is c.GiveOpinion:
            given["opinion"] = self.opinion
        if self.kind is not c.Approve and self.kind is not c.Remind:
            given["reason_ref"] = reason_ref if self.reason else ""
        return self.kind(**given)


def deed_of(batch: Batch, reason: str = "") -> Deed:
    to = batch.destination or AUTHOR
    return Deed(batch.command, reason, batch.opinion, batch.from_person, batch.to_person, to)


@dataclass(frozen=True)
class Foreseen:
    """code: why it cannot be done, with message and params; empty: it can, and leads to `consequence`.

    shown: fingerprint of the answers it would speak of. absent: in whose place. reminded: when they last were.
    """

    version: int = 0
    shown: str = ""
    code: str = ""
    message: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    consequence: Sequence[Consequence] = ()
    absent: str = ""
    reminded: datetime | None = None

    def told(self) -> dict[str, Any]:
        """The same as data that can be kept: ids, codes and numbers."""
        found: dict[str, Any] = {"message": self.message, "params": _plain(self.params)}
        found["consequence"] = [[one.code, one.message, _plain(one.params)] for one in self.consequence]
        return found | {"absent": self.absent, "reminded": self.reminded.isoformat() if self.reminded else ""}

    @property
    def mark(self) -> str:
        """Says "the same as was shown": the answers, and what would follow."""
        said = json.dumps([self.shown, self.code, self.told()["consequence"], self.absent], sort_keys=True)
        return sha256(said.encode()).hexdigest()


def foresee(identity: Identity, deed: Deed, subject: str, step: str, *, lock: bool = False) -> Foreseen:
    """Nothing is changed. A subject this person may not know of is told like one that is not there."""
    try:
        known = standing(subject, lock=lock)
    except NotFound:
        return _cannot(None, Refusal("not_open", "This step does not wait for anybody now."))
    if step not in known.state.open:
        return _cannot(known, Refusal("not_open", "This step does not wait for anybody now."))
    if deed.kind is c.Remind:
        return _reminding(identity, deed, known, step)
    if deed.kind is c.Reassign:
        return _passing_on(identity, deed, known, step)
    return _deciding(identity, deed, known, step)


def _deciding(identity: Identity, deed: Deed, known: Standing, step: str) -> Foreseen:
    if known.published.circuit.step(step).kind not in MATERIAL[deed.command]:
        judged_alone = known.published.circuit.step(step).kind in READ_FIRST
        return _cannot(known, NOT_TOGETHER["read_first" if judged_alone else "other_kind"])
    return _judged(identity, deed, known, step, shown=known.context.shown(step))


def _reminding(identity: Identity, deed: Deed, known: Standing, step: str) -> Foreseen:
    at = last_reminded([known.subject]).get((known.subject, step))
    return _judged(identity, deed, known, step, reminded=at)


def _passing_on(identity: Identity, deed: Deed, known: Standing, step: str) -> Foreseen:
    """Engine's rules first; then whoever receives it must be somebody the step could ask, and may decide there."""
    found = _judged(identity, deed, known, step)
    return found if found.code else (_unfit(deed, known, step) or found)


def _unfit(deed: Deed, known: Standing, step: str) -> Foreseen | None:
    circuit, at = known.published.circuit, known.published.circuit.step(step)
    seats = known.context.seats(step, known.state)
    spoken = {unit(at, vote.voice) for vote in known.state.votes_at(step)}
    passed = [seat for seat in seats if seat.person == deed.from_person and unit(at, seat) not in spoken]
    if not passed:
        return _cannot(known, NOT_TOGETHER["not_asked"], person=deed.from_person)
    if not all(_holds(known.course.operation_id, deed.to_person, seat) for seat in passed):
        return _cannot(known, NOT_TOGETHER["does_not_hold"], person=deed.to_person)
    barred = may_judge(circuit, known.state, at, {deed.to_person}, known.context)
    return _cannot(known, NOT_TOGETHER["may_not_judge"], person=deed.to_person) if barred else None


def _holds(operation: str, person: str, seat: Voice) -> bool:
    held = people.holders(operation, [seat.role])
    return any((one.person_id, one.role, one.organisation) == (person, seat.role, seat.organisation) for one in held)


def _judged(identity: Identity, deed: Deed, known: Standing, step: str, **facts: Any) -> Foreseen:
    """In whichever capacity allows it; when none does, the refusal is that of the capacity the step asks for."""
    command, refused = deed.at(step, facts.get("shown", "")), None
    for actor in capacities(identity, known, step):
        verdict = foreseen(known.published.circuit, known.state, command, actor, known.context)
        if not isinstance(verdict, Refusal):
            away = actor.on_behalf_of or ""
            return Foreseen(known.state.version, consequence=tuple(verdict), absent=away, **facts)
        refused = refused or verdict
    return _cannot(known, refused or Refusal("not_yours", "This step is not yours to decide."), **facts)


def capacities(identity: Identity, known: Standing, step: str) -> list[Actor]:
    """Those the step asks for come first."""
    found, relations = actors(identity, known), journey(known.subject).relations(known.subject)
    who = known.published.circuit.step(step).who
    return sorted(found, key=lambda one: not who.accepts(one.role, one.organisation, one.bodies, relations))


def _cannot(known: Standing | None, refusal: Refusal, **params: Any) -> Foreseen:
    facts = {name: params.pop(name) for name in ("shown", "reminded") if name in params}
    version = known.state.version if known else 0
    return Foreseen(version, code=refusal.code, message=refusal.message, params={**refusal.params, **params}, **facts)


def reminded_today(at: datetime | None, zone: str) -> bool:
    return at is not None and local_day(at, zone) == clock.today(zone)


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}

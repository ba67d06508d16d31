"""Whom a fact of a dossier concerns: who is told what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from workflow import access
from workflow.approvals.models import Voter
from workflow.catalogue.queries import version
from workflow.circuit import events as e
from workflow.circuit.model import Kind, Step
from workflow.db import db
from workflow.dossiers.models import Dossier, Handover, Notice
from workflow.dossiers.queries import fallen
from workflow.dossiers.queries.dossiers import open_steps
from workflow.dossiers.queries.judged import relations
from workflow.dossiers.rules import DROPPED
from workflow.people import queries as people
from workflow.record.queries import Fact, facts

HOUSEHOLD = ""
"""The person of a notice that is for the household itself."""
OUTCOMES = {"approved": "validated", "refused": "refused"}
SILENCES = {"approve": "silence_yes", "refuse": "silence_no", "no_opinion": "silence"}
ASKED = ("asked", "again", "reminded")
"""News that ask somebody to decide."""


class Told(NamedTuple):
    """`what`: one of rules.NOTICES. `person`: an id, or HOUSEHOLD."""

    what: str
    person: str


def addressees(row: Dossier, fact: Fact) -> list[Told]:
    """Each person once, whoever did it left out; nobody for a fact that calls for no news."""
    event = e.from_dict(fact.data)
    teller = _TELLERS.get(type(event))
    if teller is None:
        return []
    doers = _doers(row, fact)
    found: dict[str, Told] = {}
    for told in teller(row, event, fact):
        if told.person not in doers and _still_here(row, told.person):
            found.setdefault(told.person, told)
    return list(found.values())


def officer_of(row: Dossier) -> str:
    """Who carries the dossier now."""
    return row.officer or row.author


def _doers(row: Dossier, fact: Fact) -> set[str]:
    """Who did what led to this fact: everything one act brings about carries the same instant."""
    at = fact.data["at"]
    acts = (one.actor for one in facts(row.subject) if one.version <= fact.version and one.data["at"] == at)
    return {actor[key] for actor in acts for key in ("person", "recorded_by") if actor.get(key)}


def _still_here(row: Dossier, person: str) -> bool:
    """A household; or somebody who still holds something in the operation."""
    if person == HOUSEHOLD:
        return row.household is not None and not row.household.merged_into and row.household.state != "purged"
    return any(grant.operation == row.operation_id for grant in people.grants_of(person))


# -- what each fact is for whom -----------------------------------------------------------------------------------


def _entered(row: Dossier, event: e.StageEntered, fact: Fact) -> Iterator[Told]:
    """The next persons; the one who corrects; the household when it is to read; whose decisions still count."""
    circuit, turn = version(row.procedure).circuit, fallen.turn_of(row, fact)
    gone = fallen.fallen_in(turn)
    for opening in event.opened:
        step = circuit.step(opening.step)
        what = "returned" if step.kind is Kind.FILL and event.round > 1 else "asked"
        for person in awaited(row, step):
            yield Told("again" if (person, step.id) in gone else what, person)
        if "household" in step.who.role and step.id in open_steps(row):
            yield Told("reading", HOUSEHOLD)
    if fallen.is_last(turn, fact, ("StageEntered",)):
        lost = {person for person, _step in gone}
        yield from (Told("kept", person) for person, _step in fallen.kept_after(turn) if person not in lost)


def _fell(row: Dossier, _event: e.VoteFell, fact: Fact) -> Iterator[Told]:
    """Who is asked again at once learns it with that; the others once, however many of their decisions fell."""
    turn = fallen.turn_of(row, fact)
    if fallen.is_last(turn, fact, ("VoteFell",)):
        opened = fallen.opened_in(turn)
        yield from (Told("fallen", person) for person, step in fallen.fallen_in(turn) if step not in opened)


def _completed(row: Dossier, event: e.Completed, _fact: Fact) -> Iterator[Told]:
    what = OUTCOMES[event.outcome]
    yield from (Told(what, person) for person in _followers(row))
    yield Told(what, HOUSEHOLD)


def _stopped(row: Dossier, _event: e.Event, _fact: Fact) -> Iterator[Told]:
    """Those who follow it, and those who had been asked for something."""
    asked = select(Notice.person).where(Notice.subject == row.subject, Notice.what.in_(ASKED))
    waiting = db.session.scalars(asked.where(Notice.person != HOUSEHOLD, Notice.state != DROPPED).distinct())
    decided = {one.actor.get("person") for one in facts(row.subject)}
    yield from (Told("stopped", person) for person in _followers(row))
    yield from (Told("stopped", person) for person in sorted(set(waiting) - decided))


def _cancelled(row: Dossier, event: e.Event, fact: Fact) -> Iterator[Told]:
    """A file that had been validated: its papers are in several hands, and whoever holds one must know."""
    before = [one for one in facts(row.subject) if one.version < fact.version]
    if not any(one.kind == "Completed" and one.data["outcome"] == "approved" for one in before):
        yield from _stopped(row, event, fact)
        return
    decided = {one.actor.get(key) or HOUSEHOLD for one in before for key in ("person", "recorded_by")} - {HOUSEHOLD}
    yield Told("voided", HOUSEHOLD)
    yield from (Told("voided", person) for person in _followers(row))
    yield from (Told("voided", person) for person in sorted(decided))


def _reminded(row: Dossier, event: e.Reminded, _fact: Fact) -> Iterator[Told]:
    yield from (Told("reminded", person) for person in awaited(row, _step(row, event)))


def _overdue(row: Dossier, event: e.StepOverdue, fact: Fact) -> Iterator[Told]:
    """Those it waits for have reminders of their own. What the same moment decided by silence is told as that."""
    after = (one for one in facts(row.subject, after=fact.version) if one.data["at"] == fact.data["at"])
    decided = any(one.kind == "TacitlyDecided" and one.data["step"] == event.step for one in after)
    if not decided and officer_of(row) not in awaited(row, _step(row, event)):
        yield Told("overdue", officer_of(row))


def _silent(row: Dossier, event: e.TacitlyDecided, fact: Fact) -> Iterator[Told]:
    """Those who follow it, those who had been asked and did not answer, the household when it was its answer."""
    what, step = SILENCES[event.decision], _step(row, event)
    since = max(one.version for one in facts(row.subject) if _opens(one, step.id) and one.version < fact.version)
    asked = select(Notice.person).where(Notice.subject == row.subject, Notice.version >= since, Notice.person != "")
    waiting = db.session.scalars(asked.where(Notice.what.in_(ASKED), Notice.state != DROPPED).distinct())
    yield from (Told(what, person) for person in _followers(row))
    yield from (Told(what, person) for person in sorted(waiting))
    if "household" in step.who.role:
        yield Told(what, HOUSEHOLD)


def _opens(fact: Fact, step: str) -> bool:
    return fact.kind == "StageEntered" and any(opening["step"] == step for opening in fact.data["opened"])


def _escalated(row: Dossier, event: e.Escalated, _fact: Fact) -> Iterator[Told]:
    """Those the step names; when it names none and is a dead end, who runs the circuit."""
    escalation, stuck = _step(row, event).escalation, event.because
    who = escalation.to if escalation else version(row.procedure).circuit.managed_by if stuck else None
    if who is None:
        return
    what, known = stuck or "escalated", relations(row.subject)
    for held in people.holders(row.operation_id, who.role, (who.body,) if who.body else ()):
        if who.accepts(held.role, held.organisation, frozenset((held.body,) if held.body else ()), known):
            yield Told(what, held.person_id)


def _reassigned(row: Dossier, event: e.Reassigned, _fact: Fact) -> Iterator[Told]:
    """Who takes over everything of somebody who leaves is told once, by the hand-over."""
    taken = select(Handover.id).where(
        Handover.person == event.from_person,
        Handover.successor == event.to_person,
        Handover.at >= event.at - timedelta(days=1),
    )
    if db.session.scalar(taken.limit(1)) is None:
        yield Told("asked", event.to_person)


def _advice_asked(_row: Dossier, event: e.AdviceAsked, _fact: Fact) -> Iterator[Told]:
    yield Told("advice", event.of_person)


def _taken_back(row: Dossier, _event: e.TakenBack, fact: Fact) -> Iterator[Told]:
    """Whoever was already told what is undone now."""
    undone = _undone_from(row, fact)
    if undone is None:
        return
    asked = select(Notice.person).where(Notice.subject == row.subject, Notice.version >= undone)
    told = asked.where(Notice.version < fact.version, Notice.state != DROPPED).distinct()
    yield from (Told("taken_back", person) for person in db.session.scalars(told.order_by(Notice.person)))


def _undone_from(row: Dossier, fact: Fact) -> int | None:
    """The version of the act that was taken back: the last one of the same person."""
    acts = (one for one in reversed(facts(row.subject)) if one.version < fact.version)
    return next((one.version for one in acts if one.actor.get("person") == fact.actor.get("person")), None)


Teller = Callable[[Dossier, e.Event, Fact], Iterable[Told]]
_TELLERS: dict[type[e.Event], Teller] = {
    e.StageEntered: _entered,
    e.Completed: _completed,
    e.Withdrawn: _stopped,
    e.Cancelled: _cancelled,
    e.Reminded: _reminded,
    e.StepOverdue: _overdue,
    e.TacitlyDecided: _silent,
    e.VoteFell: _fell,
    e.Escalated: _escalated,
    e.Reassigned: _reassigned,
    e.AdviceAsked: _advice_asked,
    e.TakenBack: _taken_back,
}
TELLING = tuple(sorted(kind.__name__ for kind in _TELLERS))
"""The kinds of facts of which somebody may have to be told."""


# -- persons ------------------------------------------------------------------------------------------------------


def _step(row: Dossier, event: e.Event) -> Step:
    return version(row.procedure).circuit.step(event.step or "")


def _followers(row: Dossier) -> Iterator[str]:
    """Who carries the dossier, and the household's referent."""
    yield officer_of(row)
    if row.about.referent:
        yield row.about.referent


def awaited(row: Dossier, step: Step) -> list[str]:
    """Persons for whom an open step waits now. For what is done with the household, its own officer alone where they
    may do it: their colleagues need not hear of it.
    """
    asked = select(Voter).where(Voter.subject == row.subject, Voter.step == step.id, Voter.decided.is_(False))
    voters = list(db.session.scalars(asked.order_by(Voter.person)))
    persons = list(dict.fromkeys(voter.person for voter in voters))
    if step.kind is Kind.FILL:
        nearest = (officer_of(row), row.about.referent)
    elif "household" in step.who.role:
        nearest = (row.about.referent, officer_of(row))
    else:
        nearest = ()
    mine = next((person for person in nearest if person in persons), None)
    if mine is None:
        return persons
    elsewhere = [voter.person for voter in voters if step.kind is Kind.FILL and _of_a_partner(voter)]
    return list(dict.fromkeys((mine, *elsewhere)))


def _of_a_partner(voter: Voter) -> bool:
    """Somebody who answers for a service outside the team: nobody of the team would tell them."""
    return voter.role in access.ROLES and not access.ROLES[voter.role].fill and voter.reason == "role"


def last_reminder(known: Iterable[Fact]) -> datetime | None:
    """When somebody was last reminded of something in this dossier."""
    return max((fact.at for fact in known if fact.kind == "Reminded"), default=None)

"""The one write path of a decision: lock, judge, append, project. Whoever comes second reads who was faster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NoReturn

from workflow import clock
from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.actions.keeping import keep_long
from workflow.approvals.actions.projecting import project
from workflow.approvals.models import Course
from workflow.approvals.queries import Standing, journey
from workflow.approvals.rules import overtaken
from workflow.catalogue.queries import Published
from workflow.circuit import events as e
from workflow.circuit.commands import ChangeVersion, Command, Open, Reassign, Sign
from workflow.circuit.decide import Actor, Refusal, decide
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.db import db
from workflow.errors import Forbidden, Moved, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import facts


def start(subject: str, operation: str, actor: Actor) -> Standing:
    """Open the course of a new subject."""
    published = journey(subject).published(subject)
    now = clock.now()
    row = Course(
        subject=subject,
        operation_id=operation,
        procedure=published.hash,
        version=0,
        phase="new",
        stage=None,
        round=1,
        author=actor.person,
        opened_at=now,
        moved_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return _carry_out(Standing(row, published, fold(published.circuit, [])), Open(), [actor], 0)


def act(subject: str, command: Command, actor: Actor, shown_version: int) -> Standing:
    """Carry out a command. Raises Moved when somebody was faster, Refused when the rules say no.

    The subject's row is locked first, the head of its chain last.
    """
    return _carry_out(queries.standing(subject, lock=True), command, [actor], shown_version)


def change_version(known: Standing, to: Published, by: Actor, touched: frozenset[str]) -> Standing:
    """A subject goes on with another version of its procedure. `known` was locked before anything of it was written;
    `touched` are the steps whose readers now read something else.

    Raises Refused when the steps of that version are not those on which it stands.
    """
    command = ChangeVersion(circuit=to.circuit, before=known.published.hash, after=to.hash, touched=touched)
    verdict = decide(known.published.circuit, known.state, command, by, known.context)
    if isinstance(verdict, Refusal):
        refuse(known, verdict, known.course.version)
    known.course.procedure = to.hash
    return append(Standing(known.course, to, known.state), verdict)


def act_as(identity: Identity, subject: str, command: Command, shown_version: int, *, party: str = "") -> Standing:
    """The same, in whichever of this person's capacities allows it; a signature only for `party`, an organisation, when
    it is named. Raises Forbidden when they have none here.
    """
    known = queries.standing(subject, lock=True)
    if shown_version > known.course.version:
        raise never_shown()
    capacities = queries.actors(identity, known)
    if isinstance(command, Sign):
        several = (*capacities, *queries.signers(identity, known))
        capacities = [one for one in several if party in ("", one.organisation)]
    if not capacities:
        raise Forbidden()
    return _carry_out(known, command, fitting_first(known, command, capacities), shown_version)


def never_shown() -> Refused:
    """What the page says it showed was never there."""
    return Refused("never_shown", "This page speaks of no state this file was ever in: look at it again.")


def fitting_first(known: Standing, command: Command, capacities: Sequence[Actor]) -> list[Actor]:
    """Those the step asks for come first: when all are refused, the refusal is theirs."""
    step = next((found for found in known.published.circuit.steps() if found.id == command.step), None)
    if step is None or len(capacities) < 2:
        return list(capacities)
    relations = journey(known.subject).relations(known.subject)
    return sorted(capacities, key=lambda one: not step.who.accepts(one.role, one.organisation, one.bodies, relations))


def _carry_out(known: Standing, command: Command, capacities: Sequence[Actor], shown_version: int) -> Standing:
    judged = (decide(known.published.circuit, known.state, command, actor, known.context) for actor in capacities)
    refusals = []
    for verdict in judged:
        if not isinstance(verdict, Refusal):
            return append(known, verdict, before=known.state if known.state.version else None)
        refusals.append(verdict)
    refuse(known, refusals[0], shown_version)


def refuse(known: Standing, refusal: Refusal, shown_version: int) -> NoReturn:
    if overtaken(refusal.code, shown_version, known.course.version):
        raise Moved(refusal.message, since=tuple(facts(known.subject, after=shown_version)), **refusal.params)
    raise Refused(refusal.code, refusal.message, **refusal.params)


def append(known: Standing, new: list[e.Event], before: State | None = None) -> Standing:
    """`before`: see `project`."""
    after = Standing(known.course, known.published, fold(known.published.circuit, new, known.state))
    project(after, known.context, before)
    return recorded(known, after, new)


def recorded(known: Standing, after: Standing, new: list[e.Event]) -> Standing:
    """Append the events that led from `known` to `after`, whose lists are written; what follows is the journey's."""
    row = known.course
    told = [record.NewFact(type(event).__name__, event.to_dict(), _actor(event), type(event).version) for event in new]
    record.append(chain_of(row.operation_id), row.subject, known.state.version, told)  # locks the chain: late as can be
    keep_long(after)
    journey(row.subject).decided(row.subject, new)
    return after


def _actor(event: e.Event) -> dict[str, str | None]:
    return vars(event.actor).copy() if event.actor else {}


def pass_seats(subjects: Iterable[str], before: str, after: str, by: Actor) -> None:
    """Somebody leaves: seats that had been given to them by name go to their successor.

    `by` decided the departure; whoever may do that runs these circuits for the purpose. A signature is nobody's to pass
    on: it needs a mandate.
    """
    for subject in (one for one in subjects if journey(one).named is None):
        known = queries.standing(subject, lock=True)
        context = replace(known.context, managers=frozenset((by.person,)))
        for step in list(known.state.open):
            if before not in {seat.person for seat in context.seats(step, known.state)}:
                continue
            verdict = decide(
                known.published.circuit,
                known.state,
                Reassign(step=step, from_person=before, to_person=after),
                by,
                context,
            )
            if isinstance(verdict, Refusal):
                refuse(known, verdict, known.course.version)
            known = append(known, verdict)
            context = replace(known.context, managers=frozenset((by.person,)))

"""The one write path of a decision: lock, judge, append, project. Whoever comes second reads who was faster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NoReturn

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from workflow import clock
from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.models import Course, Task, Voter
from workflow.approvals.queries import Standing, journey
from workflow.approvals.rules import overtaken
from workflow.catalogue.queries import Published
from workflow.circuit import events as e
from workflow.circuit.commands import ChangeVersion, Command, Open, Reassign
from workflow.circuit.decide import Actor, Context, Refusal, Voice, decide, may_judge, next_alarm, tick
from workflow.circuit.model import Step
from workflow.circuit.state import fold
from workflow.circuit.voting import unit
from workflow.db import db, unscoped
from workflow.errors import Forbidden, Moved, Problem, Refused
from workflow.record import actions as record
from workflow.record.models import Event, chain_of
from workflow.record.queries import facts

log = structlog.get_logger()


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
        _refuse(known, verdict, known.course.version)
    known.course.procedure = to.hash
    return _append(Standing(known.course, to, known.state), verdict)


def act_as(identity: Identity, subject: str, command: Command, shown_version: int) -> Standing:
    """The same, in whichever of this person's capacities allows it. Raises Forbidden when they have none here."""
    known = queries.standing(subject, lock=True)
    capacities = queries.actors(identity, known)
    if not capacities:
        raise Forbidden()
    return _carry_out(known, command, _fitting_first(known, command, capacities), shown_version)


def _fitting_first(known: Standing, command: Command, capacities: Sequence[Actor]) -> list[Actor]:
    """Those the step asks for come first: when all are refused, the refusal is theirs."""
    step = next((found for found in known.published.circuit.steps() if found.id == command.step), None)
    if step is None or len(capacities) == 1:
        return list(capacities)
    relations = journey(known.subject).relations(known.subject)
    return sorted(capacities, key=lambda one: not step.who.accepts(one.role, one.organisation, one.bodies, relations))


def _carry_out(known: Standing, command: Command, capacities: Sequence[Actor], shown_version: int) -> Standing:
    judged = (decide(known.published.circuit, known.state, command, actor, known.context) for actor in capacities)
    refusals = []
    for verdict in judged:
        if not isinstance(verdict, Refusal):
            return _append(known, verdict)
        refusals.append(verdict)
    _refuse(known, refusals[0], shown_version)


def _refuse(known: Standing, refusal: Refusal, shown_version: int) -> NoReturn:
    if overtaken(refusal.code, shown_version, known.course.version):
        raise Moved(refusal.message, since=tuple(facts(known.subject, after=shown_version)), **refusal.params)
    raise Refused(refusal.code, refusal.message, **refusal.params)


def _append(known: Standing, new: list[e.Event]) -> Standing:
    row = known.course
    told = [record.NewFact(type(event).__name__, event.to_dict(), _actor(event), type(event).version) for event in new]
    after = Standing(row, known.published, fold(known.published.circuit, new, known.state))
    project(after, known.context)
    record.append(chain_of(row.operation_id), row.subject, known.state.version, told)  # locks the chain: late as can be
    journey(row.subject).decided(row.subject, new)
    return after


def _actor(event: e.Event) -> dict[str, str | None]:
    return vars(event.actor).copy() if event.actor else {}


# -- projections --------------------------------------------------------------------------------------------------


def project(known: Standing, context: Context | None = None) -> None:
    """Write what lists read: where the course stands, which steps are open, whom they wait for.

    `context`: what was already looked up for the judgement that led here.
    """
    row, state, circuit = known.course, known.state, known.published.circuit
    row.version, row.phase, row.round = state.version, state.phase, state.round
    row.stage = circuit.stages[state.stage].id if state.stage is not None and state.phase == "open" else None
    row.moved_at, row.decided_at = state.changed_at or row.opened_at, state.decided_at
    for model in (Task, Voter):
        db.session.execute(delete(model).where(model.subject == row.subject))
    alarm, context = next_alarm(state), context or known.context
    for step_id, facts_ in state.open.items():
        step = circuit.step(step_id)
        db.session.add(
            Task(
                subject=row.subject,
                operation_id=row.operation_id,
                step=step_id,
                kind=step.kind.value,
                opened_at=facts_.since,
                due=facts_.due,
                remind_at=alarm,
                sent_back=bool(state.correction and step.kind.value == "fill"),
            )
        )
        _voters(known, step_id, context)
    db.session.flush()


def _voters(known: Standing, step_id: str, context: Context) -> None:
    row, state = known.course, known.state
    step = known.published.circuit.step(step_id)
    spoken = {unit(step, vote.voice) for vote in state.votes_at(step_id)}
    asked: dict[tuple[str, Voice], tuple[str, bool]] = {}  # (who may act, in which seat) → why, whether it has spoken
    for voice in sorted(context.seats(step_id, state), key=str):
        decided = unit(step, voice) in spoken
        for person, reason in _may_speak(step, voice, context):
            seat = (person, voice._replace(person=person))
            if not decided and _barred(known, step, {person, voice.person}, context):
                continue
            if seat not in asked or asked[seat][1]:  # one's own turn first, then that of an absent colleague
                asked[seat] = (reason, decided)
    for (person, voice), (reason, decided) in asked.items():
        db.session.add(
            Voter(
                subject=row.subject,
                step=step_id,
                person=person,
                role=voice.role,
                organisation=voice.organisation or "",
                operation_id=row.operation_id,
                reason=reason,
                decided=decided,
            )
        )


def _barred(known: Standing, step: Step, people: set[str], context: Context) -> bool:
    """A task never waits for somebody who would be refused there. Who enters it for a household decides nothing."""
    if "household" in step.who.role:
        return False
    return may_judge(known.published.circuit, known.state, step, people, context) is not None


def _may_speak(step: Step, voice: Voice, context: Context) -> list[tuple[str, str]]:
    """(person, why) of everybody who may use this seat now: its holder first, then who stands in for them."""
    if "household" in step.who.role:
        return [(person, "recorder") for person in sorted(context.recorders(step.id))]
    substitutes = sorted(context.substitutes.get(voice.person, ()))
    return [(voice.person, "body" if step.who.body else "role"), *((person, "substitute") for person in substitutes)]


def rebuild() -> int:
    """Empty the projections and fold every course again from the record."""
    for model in (Task, Voter):
        db.session.execute(delete(model))
    rows = list(db.session.scalars(select(Course)))
    for row in rows:
        row.version, row.phase, row.stage = -1, "unknown", None
        published = journey(row.subject).published(row.subject)
        project(Standing(row, published, queries.folded(published, facts(row.subject))))
    return len(rows)


def refresh(operation: str) -> int:
    """Assignments changed: say again whom the open steps of an operation wait for."""
    rows = list(db.session.scalars(select(Course).where(Course.operation_id == operation, Course.phase == "open")))
    for row in rows:
        project(queries.standing(row.subject))
    return len(rows)


def refresh_these(subjects: Iterable[str]) -> None:
    """The same for some subjects: somebody who was asked there left, came, or is away."""
    for subject in subjects:
        project(queries.standing(subject))


def pass_seats(subjects: Iterable[str], before: str, after: str, by: Actor) -> None:
    """Somebody leaves: seats that had been given to them by name go to their successor.

    `by` decided the departure; whoever may do that runs these circuits for the purpose.
    """
    for subject in subjects:
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
                _refuse(known, verdict, known.course.version)
            known = _append(known, verdict)
            context = replace(known.context, managers=frozenset((by.person,)))


# -- time ---------------------------------------------------------------------------------------------------------


def pass_time() -> int:
    """Let deadlines speak: overdue, reminders, tacit decisions. Called by the clock process; harmless when twice."""
    with unscoped("the clock acts for no person"):
        now = clock.now()
        due = list(db.session.scalars(select(Task.subject).where(Task.remind_at <= now).distinct()))
        for subject in due:
            _pass_time_of(subject)
        return len(due)


def _pass_time_of(subject: str) -> None:
    """One subject in a transaction of its own: one that cannot be read must not stop the deadlines of the others."""
    try:
        known = queries.standing(subject, lock=True)
        new = tick(known.published.circuit, known.state, known.context)
        if new:
            _append(known, new)
        db.session.commit()
    except (Problem, LookupError, ValueError, SQLAlchemyError) as problem:
        db.session.rollback()
        log.error("deadline_not_told", subject=subject, error=type(problem).__name__, exc_info=True)


def unknown_courses() -> list[str]:
    """Subjects with a circuit in the record but no course: must be empty (an invariant)."""
    opened = select(Event.subject).where(Event.kind == "Opened")
    return list(db.session.scalars(opened.where(Event.subject.not_in(select(Course.subject)))))

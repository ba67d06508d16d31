"""Projections: what lists read of a course is written from its folded state, now or all over again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from workflow.approvals import queries
from workflow.approvals.models import Course, KeptState, Task, Voter
from workflow.approvals.queries import Standing, journey
from workflow.approvals.queries.advising import ADVICE
from workflow.approvals.rules import NAMED, SIGNATORY
from workflow.circuit.decide import Context, Voice, may_judge, next_alarm
from workflow.circuit.entitlement import withdrew
from workflow.circuit.model import Circuit, Step
from workflow.circuit.standing import State
from workflow.circuit.voting import unit
from workflow.db import db
from workflow.record.queries import facts


@dataclass(frozen=True)
class Rows:
    """What lists will read of a course; tasks: None when they stay as they are."""

    tasks: list[dict[str, Any]] | None
    voters: list[dict[str, Any]]


def rows_of(known: Standing, context: Context, before: State | None = None) -> Rows:
    """Foresee what `project` writes; nothing is written here."""
    state, circuit = known.state, known.published.circuit
    voters = [one for step in state.open for one in (*_voters(known, step, context), *_advisers(known, step, context))]
    tasks = _tasks(circuit, state)
    return Rows(None if before is not None and tasks == _tasks(circuit, before) else tasks, voters)


def project(
    known: Standing, context: Context | None = None, before: State | None = None, rows: Rows | None = None
) -> None:
    """Write what lists read: where the course stands, which steps are open, whom they wait for.

    `context`: what was already looked up for the judgement that led here. `before`: what the lists told until now, of
    the same circuit; steps that are still open as they were then need not be written again. `rows`: foreseen already.
    """
    row, state, circuit = known.course, known.state, known.published.circuit
    row.version, row.phase, row.round = state.version, state.phase, state.round
    row.stage = circuit.stages[state.stage].id if state.stage is not None and state.phase == "open" else None
    row.moved_at, row.decided_at = state.changed_at or row.opened_at, state.decided_at
    db.session.flush()
    rows = rows or rows_of(known, context or known.context, before)
    own = {"subject": row.subject, "operation_id": row.operation_id}
    if rows.tasks is not None:
        _replace(Task, row.subject, [own | task for task in rows.tasks])
    _replace(Voter, row.subject, [own | one for one in rows.voters])


def _replace(model: type[Task | Voter], subject: str, rows: list[dict[str, Any]]) -> None:
    """Every decision comes by here: plain rows, put in the place of those before, which the session forgets."""
    table = model.__table__
    for one in [held for held in db.session if isinstance(held, model) and held.subject == subject]:
        db.session.expunge(one)
    db.session.execute(table.delete().where(table.c.subject == subject))
    if rows:
        db.session.execute(table.insert(), rows)


def _tasks(circuit: Circuit, state: State) -> list[dict[str, Any]]:
    alarm = next_alarm(state)
    return [
        {
            "step": step_id,
            "kind": (kind := circuit.step(step_id).kind.value),
            "opened_at": opened.since,
            "due": opened.due,
            "remind_at": alarm,
            "sent_back": bool(state.correction and kind == "fill"),
        }
        for step_id, opened in state.open.items()
    ]


def _voters(known: Standing, step_id: str, context: Context) -> Iterator[dict[str, Any]]:
    state = known.state
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
        yield {
            "step": step_id,
            "person": person,
            "role": voice.role,
            "organisation": voice.organisation or "",
            "reason": reason,
            "decided": decided,
        }


def _advisers(known: Standing, step_id: str, context: Context) -> Iterator[dict[str, Any]]:
    """Whose second opinion is awaited there. They have no voice: as a voice, theirs is not waited for."""
    awaited = {one.person for one in known.state.advice if one.step == step_id and one.opinion is None}
    for person in sorted(awaited & context.advisers(step_id) if awaited else ()):
        voiceless = {"role": "", "organisation": "", "decided": True}
        yield {"step": step_id, "person": person, "reason": ADVICE, **voiceless}


def _barred(known: Standing, step: Step, people: set[str], context: Context) -> bool:
    """A task never waits for somebody who would be refused there. Who enters it for a household decides nothing."""
    if "household" in step.who.role:
        return False
    return (
        withdrew(step, people, context)
        or may_judge(known.published.circuit, known.state, step, people, context) is not None
    )


def _may_speak(step: Step, voice: Voice, context: Context) -> list[tuple[str, str]]:
    """(person, why) of everybody who may use this seat now: its holder first, then who stands in for them."""
    if voice.role == SIGNATORY:
        return [(voice.person, NAMED)]
    if "household" in step.who.role:
        return [(person, "recorder") for person in sorted(context.recorders(step.id))]
    substitutes = sorted(context.substitutes.get(voice.person, ()))
    return [
        (voice.person, "body" if step.who.body else "role"),
        *((person, "substitute") for person in substitutes),
        *((person, "recorder") for person in sorted(context.recorders(step.id))),
    ]


def rebuild() -> int:
    """Empty the projections and fold every course again from the record."""
    for model in (Task, Voter, KeptState):
        db.session.execute(delete(model))
    rows = list(db.session.scalars(select(Course)))
    for row in rows:
        row.version, row.phase, row.stage = -1, "unknown", None
        published = journey(row.subject).published(row.subject)
        project(Standing(row, published, queries.folded(published, facts(row.subject))))
    return len(rows)

"""What time alone brings about: reminders, lateness, escalation, decisions by silence."""

from datetime import datetime

from workflow.circuit import events as e
from workflow.circuit.context import Context
from workflow.circuit.course import Course
from workflow.circuit.model import Circuit, Step
from workflow.circuit.standing import OpenStep, State

_TACIT_OUTCOME = {"approve": "approved", "refuse": "refused", "no_opinion": "given"}


def tick(circuit: Circuit, state: State, context: Context) -> list[e.Event]:
    """The events due at context.now; asking again at the same instant brings none.

    A step whose seats changed so that its rule is met without a further voice is closed here as well.
    """
    course = Course(circuit, state, context)
    for step in circuit.steps():
        if step.id in course.state.open:
            _pass_time(course, step, course.state.open[step.id])
    return course.events


def next_alarm(state: State) -> datetime | None:
    """The earliest instant at which `tick` will have something to do, by the facts known now; None when never."""
    instants = []
    for step in state.open.values():
        instants += step.reminders[step.reminded :]
        instants += [step.due] if step.due and not step.overdue else []
        instants += [step.escalate_at] if step.escalate_at and not step.escalated else []
    return min(instants, default=None)


def _pass_time(course: Course, step: Step, facts: OpenStep) -> None:
    now = course.context.now
    behind = sum(instant <= now for instant in facts.reminders)
    late = facts.due is not None and facts.due <= now
    by_silence = late and step.tacit and not (step.tacit == "approve" and course.context.stale_for(step))
    if behind > facts.reminded and not by_silence:
        # several missed at once (the server was off) make one mail, not a salvo
        course.record(e.Reminded, step=step.id, sent=behind)
    if late and not facts.overdue:
        course.record(e.StepOverdue, step=step.id)
    if facts.escalate_at and facts.escalate_at <= now and not facts.escalated:
        course.record(e.Escalated, step=step.id)
    if by_silence:
        course.record(e.TacitlyDecided, step=step.id, decision=step.tacit)
        course.close(step.id, _TACIT_OUTCOME[step.tacit])
    else:  # silence approves no answers that are too old
        course.settle(step.id)

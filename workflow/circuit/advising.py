"""A second opinion: asked by whoever may decide, given by who was asked; it neither counts nor blocks."""

from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.context import Actor
from workflow.circuit.course import Course
from workflow.circuit.entitlement import authors, may_act
from workflow.circuit.model import JUDGING
from workflow.circuit.refusals import Refusal, refuse
from workflow.circuit.ways import is_linked


def ask_advice(course: Course, command: c.AskAdvice, actor: Actor) -> Refusal | None:
    refusal = may_ask(course, command.step, actor) or _of(course, command, actor)
    if refusal:
        return refusal
    if not command.text_ref:
        return refuse("question_missing")
    asked = {"of_person": command.of_person, "text_ref": command.text_ref}
    course.record(e.AdviceAsked, step=command.step, actor=actor.by, **asked)
    return None


def may_ask(course: Course, step_id: str, actor: Actor) -> Refusal | None:
    """None when this actor may ask for second opinions at this open step: who may decide there."""
    step = course.circuit.step(step_id)
    if step.kind not in JUDGING:
        return refuse("wrong_kind")
    return may_act(course.circuit, course.state, step, actor, course.context)


def _of(course: Course, command: c.AskAdvice, actor: Actor) -> Refusal | None:
    person = command.of_person
    if person in (actor.person, actor.voice.person) or person not in course.context.advisers(command.step):
        return refuse("not_advisable")
    if person in authors(course.circuit, course.state, course.context):
        return refuse("not_advisable")
    return refuse("already_asked") if course.state.awaited_advice(command.step, person) else None


def advise(course: Course, command: c.Advise, actor: Actor) -> Refusal | None:
    refusal = _asked(course, command, actor) or opinion_refusal(command)
    if refusal:
        return refusal
    if command.shown != course.context.shown(command.step):
        return refuse("moved")
    said = {"opinion": command.opinion, "reason_ref": command.reason_ref or None}
    course.record(e.Advised, step=command.step, actor=actor.by, shown_hash=command.shown, **said)
    return None


def opinion_refusal(command: c.GiveOpinion | c.Advise) -> Refusal | None:
    """None when the opinion is one of those there are, with its reason where it needs one."""
    if command.opinion not in c.OPINIONS:
        return refuse("unknown_opinion")
    needs_reason = command.opinion in ("reserved", "unfavourable")
    return refuse("reason_missing") if needs_reason and not command.reason_ref else None


def _asked(course: Course, command: c.Advise, actor: Actor) -> Refusal | None:
    own = actor.on_behalf_of is None and actor.recorded_by is None
    if not own or course.state.awaited_advice(command.step, actor.person) is None:
        return refuse("not_asked")
    if actor.through:
        return None if is_linked(actor, course.context) else refuse("not_linked")
    if actor.person in authors(course.circuit, course.state, course.context):
        return refuse("self_approval")
    return None if actor.person in course.context.advisers(command.step) else refuse("not_yours")


def advisers(course: Course, step_id: str, actor: Actor) -> tuple[str, ...]:
    """Persons worth trying to ask; none when this actor may not ask anybody."""
    return () if may_ask(course, step_id, actor) else tuple(sorted(course.context.advisers(step_id)))

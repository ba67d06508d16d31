"""Who may act at a step, before looking at what they ask."""

from workflow.circuit.context import Actor, Context
from workflow.circuit.events import Voice
from workflow.circuit.model import JUDGING, Circuit, Kind, Step
from workflow.circuit.refusals import Refusal, refuse
from workflow.circuit.standing import State
from workflow.circuit.voting import unit
from workflow.circuit.ways import may_come_through


def may_act(circuit: Circuit, state: State, step: Step, actor: Actor, context: Context) -> Refusal | None:
    """None when this actor may give a voice at this open step."""
    return (
        _capacity(state, step, actor, context)
        or _independence(circuit, state, step, actor, context)
        or _first_voice(state, step, actor)
    )


def authors(circuit: Circuit, state: State, context: Context) -> frozenset[str]:
    """The author named to us, the one the dossier was opened for, and everybody who handed in the first filling."""
    named = frozenset(person for person in (context.author, state.author) if person)
    if circuit.author_stage is None:
        return named
    fills = [step.id for step in circuit.stages[circuit.author_stage].steps if step.kind is Kind.FILL]
    return named.union(*(state.acted.get(step, frozenset()) for step in fills))


def may_judge(circuit: Circuit, state: State, step: Step, people: set[str], context: Context) -> Refusal | None:
    """None when none of these people wrote what this step judges, or acted where that excludes deciding here."""
    if step.kind in JUDGING and people & authors(circuit, state, context):
        return refuse("self_approval")
    for other in circuit.steps():
        apart = other.id in step.separate_from or step.id in other.separate_from
        if apart and people & state.acted.get(other.id, frozenset()):
            return refuse("separated", other=other.id)
    return None


def voices(circuit: Circuit, state: State, step: Step, context: Context) -> frozenset[Voice]:
    """The seats at a step that can be used there: whoever wrote what it judges, or acted where that excludes deciding
    here, is neither waited for nor counted.
    """
    seats = context.seats(step.id, state)
    usable = (seat for seat in seats if not withdrew(step, {seat.person}, context))
    return frozenset(seat for seat in usable if may_judge(circuit, state, step, {seat.person}, context) is None)


def withdrew(step: Step, people: set[str], context: Context) -> bool:
    """Whether one of these people withdrew, in a sitting, from what this step judges."""
    return not people.isdisjoint(context.withdrew(step.id))


def may_refresh(actor: Actor, context: Context) -> Refusal | None:
    """None when this actor may take up again a form that has aged; nobody does that for somebody without account."""
    if actor.recorded_by or not context.may_refresh(actor.voice):
        return refuse("not_yours_to_refresh")
    if actor.on_behalf_of and not context.stands_in(actor.person, actor.on_behalf_of):
        return refuse("not_substitute")
    return None


def is_manager(actor: Actor, context: Context) -> bool:
    """Whether this person runs the circuit; nobody borrows that from an absent colleague."""
    return actor.person in context.managers and actor.on_behalf_of is None and actor.recorded_by is None


def may_stop(actor: Actor, context: Context) -> bool:
    """Whether this person may annul the dossier: whoever runs the circuit, and those the subject names."""
    own = actor.on_behalf_of is None and actor.recorded_by is None
    return own and (actor.person in context.managers or context.stops(actor.person))


def _capacity(state: State, step: Step, actor: Actor, context: Context) -> Refusal | None:
    if actor.voice not in context.seats(step.id, state):
        return refuse("not_yours")
    if actor.on_behalf_of and not context.stands_in(actor.person, actor.on_behalf_of):
        return refuse("not_substitute")
    if actor.through:
        return may_come_through(step, actor, context)
    if actor.recorded_by and not context.may_record(step.id, actor.recorded_by):
        return refuse("not_recorder")
    return None


def _independence(circuit: Circuit, state: State, step: Step, actor: Actor, context: Context) -> Refusal | None:
    people = {actor.person, actor.voice.person}
    barred = may_judge(circuit, state, step, people, context)
    return barred or (refuse("withdrew") if withdrew(step, people, context) else None)


def _first_voice(state: State, step: Step, actor: Actor) -> Refusal | None:
    mine = unit(step, actor.voice)
    for vote in state.votes_at(step.id):
        if unit(step, vote.voice) == mine:
            if vote.voice.person == actor.voice.person:
                return refuse("already_decided")
            return refuse("organisation_spoke", person=vote.by.person, at=vote.at.isoformat())
    return None

"""The judgement: what may be done, what follows from it, what time brings. One room for buttons, API and verdict."""

from workflow.circuit.commands import Command
from workflow.circuit.context import Actor, Context
from workflow.circuit.correction import changed_since, editable_sections
from workflow.circuit.dead_ends import DeadEnd, dead_end
from workflow.circuit.entitlement import may_judge, voices
from workflow.circuit.events import Event, Voice
from workflow.circuit.forecasting import ComingStage, ComingStep, forecast
from workflow.circuit.judging import judge, refusal_of
from workflow.circuit.model import Circuit
from workflow.circuit.offers import Consequence, Possible, at_risk, available, foreseen, own_work
from workflow.circuit.refusals import Refusal
from workflow.circuit.standing import State, released
from workflow.circuit.ticking import next_alarm, tick

__all__ = [
    "Actor",
    "ComingStage",
    "ComingStep",
    "Consequence",
    "Context",
    "DeadEnd",
    "Possible",
    "Refusal",
    "Voice",
    "at_risk",
    "available",
    "changed_since",
    "dead_end",
    "decide",
    "editable_sections",
    "forecast",
    "foreseen",
    "may_judge",
    "next_alarm",
    "own_work",
    "refusal_of",
    "released",
    "tick",
    "voices",
]


def decide(circuit: Circuit, state: State, command: Command, actor: Actor, context: Context) -> list[Event] | Refusal:
    """The events that follow from a command, in order, or the Refusal. Nothing is changed: the caller appends them."""
    return judge(circuit, state, command, actor, context)

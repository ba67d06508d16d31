"""Who will be asked next for this very dossier, if everybody agrees and the answers stay as they are."""

from dataclasses import dataclass

from workflow.circuit.context import Context
from workflow.circuit.entitlement import voices
from workflow.circuit.events import Voice
from workflow.circuit.model import Circuit, Kind, Stage, Step, Who
from workflow.circuit.standing import WELL, State
from workflow.circuit.voting import outcome


@dataclass(frozen=True)
class ComingStep:
    """status: open | coming | done (ended in this pass, or votes survive) | not_needed; seats: who may act."""

    step: str
    status: str
    who: Who
    seats: tuple[Voice, ...]


@dataclass(frozen=True)
class ComingStage:
    """A stage from the present one on, with its steps."""

    stage: str
    steps: tuple[ComingStep, ...]


def forecast(circuit: Circuit, state: State, context: Context) -> tuple[ComingStage, ...]:
    """The present stage and those after it, without the ones that would be skipped; nothing once it is closed."""
    if state.closed:
        return ()
    rest = circuit.stages[state.stage :]
    coming = (
        ComingStage(stage.id, _steps(circuit, stage, state, context)) for stage in rest if context.met(stage.condition)
    )
    return tuple(stage for stage in coming if any(step.status != "not_needed" for step in stage.steps))


def _steps(circuit: Circuit, stage: Stage, state: State, context: Context) -> tuple[ComingStep, ...]:
    return tuple(
        ComingStep(
            step.id,
            _status(circuit, step, state, context),
            step.who,
            tuple(sorted(voices(circuit, state, step, context), key=str)),
        )
        for step in stage.steps
    )


def _status(circuit: Circuit, step: Step, state: State, context: Context) -> str:
    if step.id in state.open:
        return "open"
    ended = state.outcomes.get(step.id)
    if ended == "not_needed" or (ended is None and not context.met(step.condition)):
        return "not_needed"
    met = outcome(step, state.votes_at(step.id), voices(circuit, state, step, context)) in WELL
    return "done" if ended or (met and not _falls(circuit, state, step)) else "coming"


def _falls(circuit: Circuit, state: State, step: Step) -> bool:
    """Whether what was decided at a later step falls once the form that is being corrected is handed on."""
    here = circuit.stages[state.stage]
    corrected = any(one.kind is Kind.FILL for one in here.steps)
    return corrected and step.kind is not Kind.FILL and step.survives == "none" and step not in here.steps

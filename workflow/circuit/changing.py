"""Whether a dossier under way may go on with a newer circuit, from where it stands."""

from workflow.circuit.model import Circuit
from workflow.circuit.standing import State


def goes_on(old: Circuit, new: Circuit, state: State) -> bool:
    """Whether the newer circuit leads to the same place by the same stages, so that nothing done so far is left out,
    asked for the first time behind one's back, or speaks of a step that is no more.
    """
    here = state.stage + 1
    if [stage.id for stage in old.stages[:here]] != [stage.id for stage in new.stages[:here]]:
        return False
    if _steps(old, state.stage) != _steps(new, state.stage):
        return False
    return all(_same(old, new, step) for step in _spoken_of(state))


def _steps(circuit: Circuit, stage: int) -> dict[str, str]:
    return {step.id: step.kind.value for step in circuit.stages[stage].steps}


def _spoken_of(state: State) -> set[str]:
    """Steps of which something is known."""
    known = (state.open, state.outcomes, state.votes, state.acted, state.looked, state.seats, state.refilling)
    return {step for facts in known for step in facts} | {one.step for one in state.advice}


def _same(old: Circuit, new: Circuit, step_id: str) -> bool:
    """The step is still there, asks for the same, and stands in the same stage."""
    if step_id not in {step.id for step in new.steps()}:
        return False
    here = [circuit.stages[circuit.index_of_step(step_id)].id for circuit in (old, new)]
    return here[0] == here[1] and old.step(step_id).kind is new.step(step_id).kind

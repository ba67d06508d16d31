"""What a correction opens, and what changed since somebody last decided."""

from collections.abc import Iterable, Mapping

from workflow.circuit.events import Voice
from workflow.circuit.model import Circuit, Kind
from workflow.circuit.standing import State


def editable_sections(circuit: Circuit, state: State, step_id: str, sections: Iterable[str]) -> tuple[str, ...]:
    """Those of the form's `sections` that an open filling step may change now; none when it does not fill or wait."""
    step = circuit.step(step_id)
    if step_id not in state.open or step.kind is not Kind.FILL:
        return ()
    own = tuple(section for section in sections if step.looks_at(section))
    asked = state.correction.sections if state.correction else ()
    # a correction may name sections that no step of the stage owns: whoever was asked then mends those
    chosen = tuple(section for section in own if section in asked)
    return (chosen or tuple(asked)) if asked else own


def changed_since(
    circuit: Circuit, state: State, step_id: str, voice: Voice, section_hashes: Mapping[str, str]
) -> tuple[str, ...] | None:
    """Sections the step looks at that changed since this voice last decided there; None when it never did."""
    look = state.looked.get(step_id, {}).get(voice)
    if look is None:
        return None
    step, then = circuit.step(step_id), look.section_hashes
    names = (name for name in then.keys() | section_hashes.keys() if step.looks_at(name))
    return tuple(sorted(name for name in names if then.get(name) != section_hashes.get(name)))

"""Everything a circuit holds that has a place in its file."""

import re
from collections.abc import Iterator

from workflow.circuit.model import Circuit, Stage, Step, Who

_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_PATH = re.compile(r"(?<![\w\])])/[A-Za-z_][\w.-]*(?:/[A-Za-z_][\w.-]*)*")


def walk(circuit: Circuit) -> Iterator[tuple[str, int, Stage, Step]]:
    """Each step with its place, the rank of its stage, and its stage."""
    for index, stage in enumerate(circuit.stages):
        for rank, step in enumerate(stage.steps):
            yield f"stages[{index}].steps[{rank}]", index, stage, step


def paths(circuit: Circuit) -> Iterator[tuple[str, str]]:
    """The questions it names, each with its place."""
    conditions = [(f"stages[{rank}].condition", stage.condition) for rank, stage in enumerate(circuit.stages)]
    conditions += [(f"{at}.condition", step.condition) for at, _, _, step in walk(circuit)]
    for where, condition in conditions:
        for path in _PATH.findall(_LITERAL.sub("''", condition or "")):
            yield where, path
    for where, who in whos(circuit):
        if who.person_from:
            yield where, who.person_from


def whos(circuit: Circuit) -> Iterator[tuple[str, Who]]:
    """Everybody it asks or tells, each with their place."""
    if circuit.managed_by:
        yield "managed_by", circuit.managed_by
    if circuit.refresh:
        yield "refresh.who", circuit.refresh.who
    for at, _, _, step in walk(circuit):
        yield f"{at}.who", step.who
        if step.record_by:
            yield f"{at}.record_by", step.record_by
        if step.escalation:
            yield f"{at}.escalation.to", step.escalation.to

"""What a filling step asks: its own pages of the form. What other steps ask later does not stand in its way."""

from __future__ import annotations

from collections.abc import Iterable

from forms.instance import AnswerError, Instance
from forms.structure import Group
from workflow.circuit.model import Kind
from workflow.dossiers.queries.reading import File


def own(file: File) -> frozenset[str]:
    """Names of the sections that the step this person fills at asks; all of them when it names none."""
    names = frozenset(group.name for group in file.published.form.sections)
    if file.filling is None:
        return names
    step = file.published.circuit.step(file.filling)
    return frozenset(name for name in names if step.looks_at(name))


def in_the_way(file: File, instance: Instance, errors: Iterable[AnswerError]) -> list[AnswerError]:
    """Those of the errors that keep this step from being handed on: they stand on its own pages."""
    asked = {group.path for group in file.published.form.sections if group.name in own(file)}
    every = len(asked) == len(file.published.form.sections)
    return [error for error in errors if every or instance.question(error.path).page in asked]


def comes_later(file: File, section: Group) -> bool:
    """Whether a later step of the circuit asks this section, and the present one does not."""
    if file.filling is None or section.name in own(file):
        return False
    circuit = file.published.circuit
    here = circuit.index_of_step(file.filling)
    later = (step for stage in circuit.stages[here + 1 :] for step in stage.steps if step.kind is Kind.FILL)
    return any(step.looks_at(section.name) for step in later)

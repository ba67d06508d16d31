"""Which sections may be changed now."""

from __future__ import annotations

from forms.structure import Group
from workflow.approvals.queries import Standing
from workflow.catalogue.queries import Published
from workflow.circuit.decide import editable_sections
from workflow.dossiers.queries import File
from workflow.errors import Refused


def editable(known: Standing, published: Published) -> frozenset[str]:
    """Names of the sections that may be changed now: all at first, the chosen ones after a return."""
    names = [group.name for group in published.form.sections]
    steps = [step.id for step in published.circuit.steps() if step.id in known.state.open]
    return frozenset(name for step in steps for name in editable_sections(published.circuit, known.state, step, names))


def to_be_written(file: File, section: str) -> Group:
    """The section, when this person may write in it now. Raises Refused."""
    group = next((found for found in file.published.form.sections if found.name == section), None)
    if group is None or not file.fills:
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    if section not in editable(file.known, file.published):
        raise Refused("section_closed", "Only the sections that were sent back can be changed.")
    return group

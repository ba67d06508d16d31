"""Who may take a seat over from somebody at an open step: those who hold the same in the same operation."""

from __future__ import annotations

from workflow.approvals.queries import Standing
from workflow.circuit.decide import may_judge
from workflow.circuit.events import Voice
from workflow.people import queries as people


def seats_of(known: Standing, step: str, person: str) -> list[Voice]:
    """In what capacities this person is asked there."""
    return sorted((seat for seat in known.context.seats(step, known.state) if seat.person == person), key=str)


def takers(known: Standing, step: str, person: str) -> list[str]:
    """Persons who hold the same role, for the same organisation: they read and decide there in their own right. Nobody
    who wrote what the step judges, or acted where that excludes deciding there.
    """
    seats = seats_of(known, step, person) if step in known.state.open else []
    found: set[str] | None = None
    for seat in seats:
        holding = people.holders(known.course.operation_id, [seat.role])
        fitting = {row.person_id for row in holding if row.organisation == seat.organisation}
        found = fitting if found is None else found & fitting
    return sorted(one for one in (found or set()) - {person} if _free(known, step, one))


def _free(known: Standing, step_id: str, person: str) -> bool:
    step = known.published.circuit.step(step_id)
    return may_judge(known.published.circuit, known.state, step, {person}, known.context) is None

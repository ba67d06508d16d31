"""Open steps that can come to no good end as things stand, among those of a list."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow.approvals.queries.standing import standing
from workflow.circuit.decide import DeadEnd, dead_end
from workflow.db import db
from workflow.record.models import Event
from workflow.record.queries import fact_of


def dead_ends(open_steps: Iterable[tuple[str, str]]) -> dict[tuple[str, str], DeadEnd]:
    """(subject, step) → why, of those given. Only where it was told once is it judged again: the others are well."""
    asked = set(open_steps)
    found: dict[tuple[str, str], DeadEnd] = {}
    for subject, step in sorted(asked & _told({subject for subject, _step in asked})):
        known = standing(subject)
        circuit = known.published.circuit
        if step in known.state.open and (why := dead_end(circuit, known.state, circuit.step(step), known.context)):
            found[(subject, step)] = why
    return found


def _told(subjects: set[str]) -> set[tuple[str, str]]:
    rows = db.session.scalars(select(Event).where(Event.subject.in_(subjects), Event.kind == "Escalated"))
    return {(fact.subject, fact.data["step"]) for fact in map(fact_of, rows) if fact.data.get("because")}

"""Who acts in whose place: absences, as far as they still lend anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from sqlalchemy import or_, select

from workflow import clock
from workflow.circuit import absences as engine
from workflow.db import db
from workflow.people.models import Absence, Assignment
from workflow.people.queries.absences import absences_on
from workflow.people.queries.identities import may_stand_in


def lends_nothing(row: Absence) -> bool:
    """Whether an absence opens nothing to its substitute: declared before the rule on organisations, or a role ended
    since.
    """
    return not may_stand_in(row.person_id, row.substitute_id)


def substitutes_now(
    operation: str | None = None, *, day: date | None = None, procedure: str | None = None
) -> dict[str, frozenset[str]]:
    """{absent person: who stands in} on a local day (today); only those assigned to `operation` when it is told.

    Nobody stands in where the rule is no longer met: whoever is away is then there with an empty set.
    """
    day = day or clock.today()
    asked = absences_on(day)
    if operation is not None:
        there = set(
            db.session.scalars(
                select(Assignment.person_id).where(
                    Assignment.operation_id == operation,
                    or_(Assignment.until.is_(None), Assignment.until >= day),
                )
            )
        )
        asked = [row for row in asked if row.person_id in there]
    found = engine.substitutes((_told(row) for row in asked), day, procedure)
    return {away: frozenset(one for one in others if may_stand_in(away, one)) for away, others in found.items()}


class StandingIn(Mapping[str, frozenset[str]]):
    """`substitutes_now` of a procedure, looked up when somebody first asks."""

    def __init__(self, day: date, procedure: str) -> None:
        self.day, self.procedure = day, procedure

    @cached_property
    def found(self) -> dict[str, frozenset[str]]:
        return substitutes_now(day=self.day, procedure=self.procedure)

    def __getitem__(self, away: str) -> frozenset[str]:
        return self.found[away]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def _told(row: Absence) -> engine.Absence:
    return engine.Absence(
        row.person_id, row.substitute_id, row.first_day, row.last_day, frozenset(row.procedures or ())
    )

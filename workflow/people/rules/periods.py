"""Days from and to: assignments, absences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    first_day: date
    last_day: date

    def meets(self, other: Period) -> bool:
        return self.first_day <= other.last_day and other.first_day <= self.last_day


def in_force(since: date, until: date | None, today: date) -> bool:
    """An assignment holds from its first day to its last, both included."""
    return since <= today and (until is None or today <= until)


def period_problem(since: date, until: date | None) -> str | None:
    """Why an assignment cannot last so long; None when it can."""
    if until is not None and until < since:
        return "The last day is before the first day."
    return None


def absence_problem(
    person: str, substitute: str, when: Period, away: Iterable[Period], today: date
) -> tuple[str, str] | None:
    """(field, why) an absence cannot be declared; None when it can. `away`: absences of the substitute."""
    if when.last_day < when.first_day:
        return "last_day", "The absence ends before it begins."
    if when.last_day < today:
        return "last_day", "This absence is over already: nobody can stand in for the past."
    if substitute == person:
        return "substitute", "Somebody else must stand in: choose another person."
    if any(when.meets(other) for other in away):
        return "substitute", "This person is away on some of these days: choose somebody else, or other days."
    return None

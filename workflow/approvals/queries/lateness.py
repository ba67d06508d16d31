"""How late an operation is, organisation by organisation: numbers for a meeting, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from workflow.approvals.models import Course, Task, Voter
from workflow.circuit.deadlines import last_day
from workflow.db import db


@dataclass(frozen=True)
class Waits:
    """`number` open steps of one kind that wait for one organisation ("": the household) and are due at one instant."""

    organisation: str
    procedure: str  # hash of a version
    step: str
    due: datetime | None
    number: int


@dataclass(frozen=True)
class Lateness:
    """What waits for somebody. median: days late of the one in the middle, so that one forgotten case spoils nothing.

    oldest: the last day on which the oldest late one would have been in time.
    """

    open: int
    late: int
    median: float | None
    oldest: date | None


def waits(operation: str) -> list[Waits]:
    """A step asked of several organisations waits for each that has not spoken."""
    columns = (Voter.organisation, Course.procedure, Task.step, Task.due)
    asked = (
        select(*columns, func.count(Task.subject.distinct()))
        .join(Voter, (Voter.subject == Task.subject) & (Voter.step == Task.step))
        .join(Course, Course.subject == Task.subject)
        .where(Task.operation_id == operation, Voter.decided.is_(False))
        .group_by(*columns)
    )
    return [Waits(*row) for row in db.session.execute(asked)]


def lateness(known: Iterable[Waits], today: date, zone: str) -> Lateness:
    """Days are counted on the calendar, from the last day on which one was in time."""
    known = list(known)
    days = [(last_day(one.due, zone), one.number) for one in known if one.due]
    late = sorted((day, number) for day, number in days if day < today)
    count = sum(number for _day, number in late)
    oldest = late[0][0] if late else None
    return Lateness(sum(one.number for one in known), count, _median(late, count, today), oldest)


def _median(late: list[tuple[date, int]], count: int, today: date) -> float | None:
    """The middle of days late, each counted as often as it occurs; between the two in the middle when they are even."""
    if not count:
        return None
    middle = ((count - 1) // 2, count // 2)
    return sum((today - _at(late, rank)).days for rank in middle) / 2


def _at(late: list[tuple[date, int]], rank: int) -> date:
    for day, number in late:
        if rank < number:
            return day
        rank -= number
    raise IndexError(rank)

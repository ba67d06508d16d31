"""Who is away, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, select

from workflow import clock
from workflow.db import db
from workflow.people.models import Absence

_STANDING_IN = (
    select(Absence)
    .where(
        Absence.substitute_id == bindparam("person"),
        Absence.withdrawn_at.is_(None),
        Absence.last_day >= bindparam("since"),
    )
    .order_by(Absence.first_day)
)


def absence(absence_id: str) -> Absence | None:
    return db.session.get(Absence, absence_id)


def absences_of(person_id: str, *, since: date | None = None) -> list[Absence]:
    """The absences of a person that were not withdrawn, the next one first; from `since` on when it is told."""
    asked = select(Absence).where(Absence.person_id == person_id, Absence.withdrawn_at.is_(None))
    if since:
        asked = asked.where(Absence.last_day >= since)
    return list(db.session.scalars(asked.order_by(Absence.first_day)))


def absences_on(day: date, persons: Iterable[str] | None = None) -> list[Absence]:
    """Absences that hold on that local day; only of `persons` when they are told."""
    asked = select(Absence).where(Absence.withdrawn_at.is_(None), Absence.first_day <= day, Absence.last_day >= day)
    if persons is not None:
        asked = asked.where(Absence.person_id.in_(set(persons)))
    return list(db.session.scalars(asked.order_by(Absence.person_id, Absence.first_day)))


def standing_in(person_id: str, since: date | None = None) -> list[Absence]:
    """Absences during which this person stands in for somebody, from `since` (today) on."""
    return list(db.session.scalars(_STANDING_IN, {"person": person_id, "since": since or clock.today()}))

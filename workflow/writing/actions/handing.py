"""How letters reached their readers: said for one or several, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow import clock
from workflow.access import Identity
from workflow.circuit.deadlines import local_day
from workflow.errors import FieldError, Forbidden, Invalid
from workflow.web.dates import format_date
from workflow.writing.actions.writing import note
from workflow.writing.models import Written
from workflow.writing.queries.entitled import may_annul
from workflow.writing.queries.merging import Left, merge_of
from workflow.writing.queries.written import cause_of, held
from workflow.writing.rules.handing import HOW


def hand_over(identity: Identity, rows: Iterable[Written], how: str, day: date, zone: str) -> int:
    """Say so for those that were not said to be handed over yet; how many. zone: of the operation.

    Raises Invalid (no such way, a day to come, a day before one of them was written), Forbidden.
    """
    _check(how, day, zone)
    left = [row for row in _hold(identity, rows) if not row.handed_how and row.void_at is None]
    latest = max((local_day(row.made_at, zone) for row in left), default=day)
    if day < latest:
        told = {"day": format_date(latest, "d MMMM y")}
        raise Invalid([FieldError("day", "It was written on %(day)s: it cannot have been handed over before.", told)])
    for row in left:
        row.handed_how, row.handed_on, row.handed_by = how, day, identity.person
        note(row, "PaperHandedOver", identity.person, how=how)
    _tell(left, Left(how, day), identity.person)
    return len(left)


def _check(how: str, day: date, zone: str) -> None:
    if how not in HOW:
        raise Invalid([FieldError("how", "Say how they were handed over.")])
    if day > clock.today(zone):
        raise Invalid([FieldError("day", "This day has not come yet.")])


def take_back(identity: Identity, rows: Iterable[Written]) -> int:
    """It was said by mistake: nothing is said of them; how many."""
    told = [row for row in _hold(identity, rows) if row.handed_how]
    for row in told:
        row.handed_how, row.handed_on, row.handed_by = "", None, ""
        note(row, "HandingOverTakenBack", identity.person)
    _tell(told, None, identity.person)
    return len(told)


def _tell(rows: Iterable[Written], left: Left | None, by: str) -> None:
    """The journeys that asked for these letters are told that they left, or did not."""
    by_cause: dict[str, list[str]] = {}
    for row in rows:
        cause = cause_of(row)
        if cause and row.household_id:
            by_cause.setdefault(cause, []).append(row.household_id)
    for cause, households in by_cause.items():
        merge_of(cause).left(cause, households, left, by)


def _hold(identity: Identity, rows: Iterable[Written]) -> list[Written]:
    """Until the end of the transaction nobody else touches them; they are read as whoever was faster left them."""
    found = held([row.id for row in rows])
    if not all(may_annul(identity, row) for row in found):
        raise Forbidden()
    return found

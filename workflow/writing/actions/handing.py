"""How letters reached their readers: said for one or several, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.access import Identity
from workflow.errors import FieldError, Forbidden, Invalid
from workflow.writing.actions.writing import note
from workflow.writing.models import Written
from workflow.writing.queries.entitled import may_annul
from workflow.writing.rules.handing import HOW


def hand_over(identity: Identity, rows: Iterable[Written], how: str, day: date, today: date) -> int:
    """Say so for those that were not said to be handed over yet; how many. Raises Invalid, Forbidden."""
    if how not in HOW:
        raise Invalid([FieldError("how", "Say how they were handed over.")])
    if day > today:
        raise Invalid([FieldError("day", "This day has not come yet.")])
    count = 0
    for row in rows:
        _may(identity, row)
        if row.handed_how or row.void_at is not None:
            continue
        row.handed_how, row.handed_on, row.handed_by = how, day, identity.person
        note(row, "PaperHandedOver", identity.person, how=how)
        count += 1
    return count


def take_back(identity: Identity, rows: Iterable[Written]) -> int:
    """It was said by mistake: nothing is said of them; how many."""
    count = 0
    for row in rows:
        _may(identity, row)
        if not row.handed_how:
            continue
        row.handed_how, row.handed_on, row.handed_by = "", None, ""
        note(row, "HandingOverTakenBack", identity.person)
        count += 1
    return count


def _may(identity: Identity, row: Written) -> None:
    if not may_annul(identity, row):
        raise Forbidden()

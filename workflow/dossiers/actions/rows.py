"""Rows of a list are added, removed, put back."""

from __future__ import annotations

from collections.abc import Collection

from forms.answering import change_rows
from forms.growing import UnknownPath
from forms.instance import Instance, RowLimit
from forms.putting_back import put_back, row_of
from workflow import clock
from workflow.dossiers.actions.sharing import Leaf
from workflow.dossiers.models import AnswerSet
from workflow.dossiers.queries import File
from workflow.dossiers.queries.removed import TakenAway, sealed, taken_away
from workflow.errors import Refused
from workflow.record import actions as record


def changed_rows(file: File, stored: AnswerSet, leaf: Leaf, instance: Instance, leave: Collection[str]) -> str | None:
    """Do what the buttons of rows ask: the path to go to, none when no such button was used.

    leave: what somebody else wrote meanwhile. A row in which they wrote stays: it may be another one than was meant.
    """
    posted, section = leaf.posted, leaf.group.name
    try:
        if posted.get("restore_row"):
            return _put_back(file, stored, section, instance)
        row = str(posted.get("remove_row") or "")
        if row and any(path.startswith(f"{row}/") for path in leave):
            return row
        removed = row_of(instance, row) if row else None
        path = change_rows(instance, posted)
    except RowLimit as full:
        raise Refused("row_limit", "This list is full: no further line can be added.") from full
    if removed and path:
        away = TakenAway(removed, section, file.identity.person, clock.now())
        stored.removed = sealed(record.key_for(file.row.subject), stored, away)
    return path


def _put_back(file: File, stored: AnswerSet, section: str, instance: Instance) -> str | None:
    away = taken_away(file.row, stored, section, file.identity.person)
    if away is None:
        return None
    stored.removed = None
    try:
        return put_back(instance, away.row)
    except UnknownPath:
        return None

"""What it takes to take an action back, written beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflow import clock
from workflow.db import db, new_id
from workflow.dossiers.models import Household, Undo
from workflow.record.queries import versions_of


def remember(action: str, by: str, operation: str, touched: Iterable[str], before: dict[str, Any]) -> Undo:
    """Written last, after the facts of the action. `before`: ids, codes and instants only."""
    row = Undo(
        id=new_id(),
        operation_id=operation,
        action=action,
        person=by,
        at=clock.now(),
        touched=_reached(list(touched)),
        before=before,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _reached(touched: list[str]) -> dict[str, int]:
    """How far each of them had come, in the order in which they are named."""
    db.session.flush()
    known = versions_of(touched)
    return {subject: known.get(subject, 0) for subject in touched}


def state_of(row: Household) -> dict[str, str]:
    """The status of a household, as `before` keeps it."""
    return {"household": row.id, "state": row.state, "since": row.state_since.isoformat()}

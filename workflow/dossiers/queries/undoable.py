"""What somebody may still take back: their last action, for a day, while nobody else has acted on the same things."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Household, Undo
from workflow.errors import NotFound
from workflow.record.queries import Fact, facts

WITHIN = timedelta(hours=24)


def undoable(identity: Identity, *subjects: str) -> Undo | None:
    """The last action of this person on one of these subjects, if it can still be taken back."""
    row = next((row for row in _mine(identity) if set(subjects) & set(row.touched)), None)
    return row if row and acted_since(row) is None else None


def _mine(identity: Identity) -> list[Undo]:
    asked = select(Undo).where(Undo.person == identity.person, Undo.spent_at.is_(None), Undo.action != "decision")
    return list(db.session.scalars(asked.where(Undo.at > clock.now() - WITHIN).order_by(Undo.at.desc()).limit(50)))


def undo_of(identity: Identity, undo_id: str) -> Undo:
    """An action of this person. NotFound when it is somebody else's."""
    row = db.session.scalar(select(Undo).where(Undo.id == undo_id, Undo.person == identity.person))
    if row is None:
        raise NotFound()
    return row


def acted_since(row: Undo) -> Fact | None:
    """The first fact of a person after that action, on one of the things it touched."""
    later = (fact for subject, version in row.touched.items() for fact in facts(subject, after=version))
    return next((fact for fact in sorted(later, key=lambda fact: fact.at) if fact.actor.get("person")), None)


def remembered(action: str, subject: str) -> Undo | None:
    """The latest action of that kind on a subject that was not taken back yet, whoever did it."""
    rows = db.session.scalars(
        select(Undo).where(Undo.action == action, Undo.spent_at.is_(None)).order_by(Undo.at.desc()).limit(500)
    )
    return next((row for row in rows if subject in row.touched), None)


def undone_where(row: Undo) -> dict[str, Any]:
    """The page to go back to: {endpoint, values}."""
    dossier = row.before.get("dossier")
    if dossier:
        return {"dossier": dossier}
    household = row.before.get("household") or row.before.get("kept") or ""
    return {"household": household}


def household_by_id(household_id: str) -> Household:
    """A household of the scope, merged or not: for actions that authorise by themselves."""
    row = db.session.scalar(select(Household).where(Household.id == household_id))
    if row is None:
        raise NotFound()
    return row

"""A household is erased: so is every paper written to it."""

from __future__ import annotations

from sqlalchemy import select

from workflow.db import db
from workflow.dossiers.models import Household
from workflow.filing import actions as filing
from workflow.record import actions as record
from workflow.writing.models import Written


def forget_household(row: Household) -> None:
    """The keys of its papers go, so that nothing of them can be read again; what lists said of them goes too."""
    asked = select(Written).where(Written.household_id == row.id)
    for written in db.session.scalars(asked):
        record.forget(written.subject)
        filing.forget_words(written.subject)
        written.annexes = [one | {"title": ""} for one in written.annexes]

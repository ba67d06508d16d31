"""By which way a decision came, when it was not the person's own account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow.approvals.models import Sitting
from workflow.db import db
from workflow.people import queries as people

SITTING, LINK = "sitting", "link"


def way_of(by: Mapping[str, Any]) -> tuple[str, str]:
    """(sitting | link | "", its id) of whoever acted."""
    kind, _colon, ident = (by.get("through") or "").partition(":")
    return kind, ident


def sitting_day(ident: str) -> date | None:
    """The day of a sitting, within the scope."""
    return db.session.scalar(select(Sitting.held_on).where(Sitting.id == ident))


def sitting_body(ident: str) -> dict[str, str]:
    """What the body of a sitting is called, by language; {} when it is out of scope, or was removed."""
    row = db.session.scalar(select(Sitting).where(Sitting.id == ident))
    found = people.body(row.operation_id, row.body) if row else None
    return dict(found.label) if found else {}

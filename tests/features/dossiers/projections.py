"""Everything lists and judgements read, as one value: what must be the same again once a mistake is undone."""

from typing import Any

from sqlalchemy import select

from workflow.approvals.models import Course, Task, Voter
from workflow.dashboards.queries.invariants import findings
from workflow.db import db
from workflow.dossiers.models import Agreement, Contact, Dossier, Fact, Household, Notice
from workflow.filing.models import KeptFile, Paper

COUNTERS = {"version", "moved_at", "search"}
"""Columns that tell how often, or when last, a row was touched."""
LEFT_OUT = {
    KeptFile: {"name", "caption"},  # bytes and words are sealed anew wherever they go
    Paper: set(),
}


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    db.session.flush()
    db.session.expire_all()
    return {
        model.__tablename__: _rows(model)
        for model in (Household, Dossier, Fact, Agreement, Contact, Notice, Course, Task, Voter, KeptFile, Paper)
    }


def all_holds() -> bool:
    """Whether every invariant holds; those that do not are printed."""
    db.session.rollback()
    faults = [finding for finding in findings() if finding.faults]
    print(*faults)
    return not faults


def _rows(model: type[Any]) -> list[tuple[Any, ...]]:
    out = COUNTERS | LEFT_OUT.get(model, set())
    if model is Paper:
        out = LEFT_OUT[Paper]
    columns = [column for column in model.__table__.columns if column.name not in out]
    asked = select(*columns)
    if model is Paper:
        asked = asked.where(Paper.void_of.is_(None), Paper.void_at.is_(None))
    return sorted((tuple(row) for row in db.session.execute(asked)), key=repr)

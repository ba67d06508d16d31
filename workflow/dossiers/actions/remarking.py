"""Words pointed out in open texts are counted per operation and month, without the text and without who wrote it."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from workflow import clock
from workflow.db import db
from workflow.dossiers.models import RemarkCount

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def count_remarks(operation: str, *, shown: int = 0, kept: int = 0, reworded: int = 0) -> None:
    """Add to the figures of this month; nothing is written when there is nothing to add."""
    if not (shown or kept or reworded):
        return
    month = clock.today().replace(day=1)
    key = f"{operation}:{month:%Y-%m}"
    begun = _INSERT[db.engine.dialect.name](RemarkCount)
    begun = begun.values(id=key, operation_id=operation, month=month, shown=0, kept=0, reworded=0)
    db.session.execute(begun.on_conflict_do_nothing())
    more = {"shown": RemarkCount.shown + shown, "kept": RemarkCount.kept + kept}
    more["reworded"] = RemarkCount.reworded + reworded
    here = update(RemarkCount).where(RemarkCount.id == key, RemarkCount.operation_id == operation)
    db.session.execute(here.values(**more).execution_options(synchronize_session=False))

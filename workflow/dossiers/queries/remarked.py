"""How often words in open texts were pointed out, and what people did with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from workflow.db import db
from workflow.dossiers.models import RemarkCount


@dataclass(frozen=True)
class Remarked:
    """Since the operation began."""

    shown: int = 0
    kept: int = 0
    reworded: int = 0


def remarked_in(operation: str) -> Remarked:
    columns = (RemarkCount.shown, RemarkCount.kept, RemarkCount.reworded)
    asked = select(*(func.coalesce(func.sum(column), 0) for column in columns))
    return Remarked(*db.session.execute(asked.where(RemarkCount.operation_id == operation)).one())

"""Households that moved: handed to whoever asks them something afterwards."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.queries.listing import readable

MOVED = ("moved_temporarily", "moved", "followed")
ENDED = (*MOVED, "closed")
"""States of a household that lives elsewhere since and may be written to; in ENDED with those whose file is closed."""


def rehoused(identity: Identity, operation: str) -> list[Household]:
    """Those of an operation this reader may know of, in the order of their references."""
    asked = readable(identity, operation).where(Household.state.in_(MOVED))
    return list(db.session.scalars(asked.order_by(Household.reference)))


def known(identity: Identity, ids: Collection[str]) -> dict[str, Household]:
    """{id: household} of these, in whatever operation, that this reader may know of."""
    wanted, found = sorted(set(ids)), dict[str, Household]()
    for operation in sorted(identity.operations) if wanted else ():
        for first in range(0, len(wanted), 500):
            asked = readable(identity, operation).where(Household.id.in_(wanted[first : first + 500]))
            found |= {row.id: row for row in db.session.scalars(asked)}
    return found


def count_rehoused(operation: str) -> int:
    """How many households of an operation moved."""
    asked = select(func.count()).where(Household.operation_id == operation, Household.merged_into.is_(None))
    return db.session.scalar(asked.where(Household.state.in_(ENDED))) or 0

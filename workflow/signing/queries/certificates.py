"""Whose certificates stand behind the signatures of a room, by their own word."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow.db import db
from workflow.record.queries import text
from workflow.signing.models import Certificate
from workflow.signing.queries.revisions import revisions


@dataclass(frozen=True)
class Borne:
    """One certificate, opened. name, issuer: as it says; "" once they were erased."""

    row: Certificate
    name: str
    issuer: str

    @property
    def since(self) -> datetime:
        return self.row.since

    @property
    def until(self) -> datetime:
        return self.row.until


def certificates(room_id: str) -> list[Borne]:
    """Those of the signatures that were not taken back, in the order of the file."""
    order = {one.id: one.seq for one in revisions(room_id)}
    rows = db.session.scalars(select(Certificate).where(Certificate.room_id == room_id).order_by(Certificate.field))
    return sorted((_borne(one) for one in rows if one.revision_id in order), key=lambda one: order[one.row.revision_id])


def _borne(row: Certificate) -> Borne:
    said = text(row.told)
    told = json.loads(said) if said else {}
    return Borne(row, told.get("name", ""), told.get("issuer", ""))

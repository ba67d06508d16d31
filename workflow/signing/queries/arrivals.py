"""Files that came back from another signing tool: what was found in them, what became of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.db import db
from workflow.errors import NotFound
from workflow.filing.queries.sealed import unsealed
from workflow.record.queries import text
from workflow.signing.models import Arrival, Room
from workflow.signing.rules.returned import Fault, Found


@dataclass(frozen=True)
class Opened:
    """What was found in a file. fault: why it is not taken; changes: (message, params), what differs page by page."""

    fault: Fault | None = None
    found: tuple[Found, ...] = ()
    changes: tuple[tuple[str, dict[str, Any]], ...] = field(default=())


def arrivals(room_id: str) -> list[Arrival]:
    """Every file that was handed in, the latest first."""
    asked = select(Arrival).where(Arrival.room_id == room_id)
    return list(db.session.scalars(asked.order_by(Arrival.at.desc(), Arrival.id)))


def arrival(room_id: str, arrival_id: str, *, lock: bool = False) -> Arrival:
    """Raises NotFound."""
    asked = select(Arrival).where(Arrival.room_id == room_id, Arrival.id == arrival_id)
    asked = asked.with_for_update().execution_options(populate_existing=True) if lock else asked
    row = db.session.scalar(asked)
    if row is None:
        raise NotFound()
    return row


def same_arrival(room_id: str, signatory_id: str, sent: str, sha256: str) -> Arrival | None:
    """The same bytes, handed in before for the same signature: the last time."""
    asked = select(Arrival).where(Arrival.room_id == room_id, Arrival.signatory_id == signatory_id)
    asked = asked.where(Arrival.sent == sent, Arrival.sha256 == sha256)
    return db.session.scalar(asked.order_by(Arrival.at.desc(), Arrival.id).limit(1))


def arrival_seal(arrival_id: str) -> str:
    """What the encrypted bytes of a file are bound to."""
    return f"signing-arrival:{arrival_id}"


def bytes_that_came(row: Room, found: Arrival) -> bytes:
    """Raises NotFound once the paper was erased."""
    return unsealed(row.subject, found.name, arrival_seal(found.id))


def opened(row: Arrival) -> Opened:
    """What was found in it; nothing once it was erased."""
    said = text(row.told)
    told = json.loads(said) if said else {}
    fault = Fault(**told["fault"]) if told.get("fault") else None
    changes = tuple((message, params) for message, params in told.get("changes", ()))
    return Opened(fault, tuple(_found(one) for one in told.get("found", ())), changes)


def _found(told: dict[str, Any]) -> Found:
    instants = {name: datetime.fromisoformat(told[name]) for name in ("since", "until")}
    return Found(**{**told, **instants, "at": datetime.fromisoformat(told["at"]) if told["at"] else None})

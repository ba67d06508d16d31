"""Write rows, and find those that are due."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow.db import database_now, db, new_id, own_transaction
from workflow.outbox.doorbell import ring
from workflow.outbox.models import FAILED, PENDING, RUNNING, Outbox
from workflow.outbox.running import run

TO_RING = "relais_to_ring"
RING_AGAIN = timedelta(seconds=20)  # a rung row that nobody claimed is rung again after this


def add(kind: str, *, subject: str, key: str, version: int = 0, after: timedelta = timedelta(0)) -> Outbox:
    """Write one row in the present transaction; the same key twice is one effect. It is rung after the commit."""
    found = db.session.scalar(select(Outbox).where(Outbox.key == key))
    if found:
        return found
    now = database_now(db.session)
    row = Outbox(
        id=new_id(),
        key=key,
        kind=kind,
        subject=subject,
        version=version,
        state=PENDING,
        attempts=0,
        made_at=now,
        next_at=now + after,
        fence=0,
    )
    db.session.add(row)
    db.session.flush()
    db.session.info.setdefault(TO_RING, []).append(row.id)
    return row


def ring_new() -> None:
    """After the commit: ring for what this session wrote."""
    ids = db.session.info.pop(TO_RING, [])
    if ids and not current_app.config.get("RELAIS_QUIET"):
        ring(current_app.config["RELAIS"].redis_url, ids)


def due_ids(session: Session, limit: int = 200) -> list[str]:
    """Rows that wait for a worker: due, or left running by one that died."""
    now = database_now(session)
    return list(
        session.scalars(
            select(Outbox.id)
            .where(
                or_(
                    (Outbox.state == PENDING) & (Outbox.next_at <= now),
                    (Outbox.state == RUNNING) & (Outbox.lease_until < now),
                )
            )
            .order_by(Outbox.next_at)
            .limit(limit)
        )
    )


def relay_once(rung: dict[str, float], monotonic: float) -> int:
    """Ring for every due row that was not rung a moment ago. `rung` remembers when (monotonic seconds)."""
    with own_transaction(read_only=True) as session:
        due = due_ids(session)
    for gone in set(rung) - set(due):
        del rung[gone]
    fresh = [row_id for row_id in due if monotonic - rung.get(row_id, -1e9) >= RING_AGAIN.total_seconds()]
    if fresh and ring(current_app.config["RELAIS"].redis_url, fresh):
        rung.update(dict.fromkeys(fresh, monotonic))
    return len(fresh)


def drain(limit: int = 10_000) -> int:
    """Run what is due here and now, without Redis: small installations, demonstration data, tests."""
    count = 0
    while count < limit:
        with own_transaction(read_only=True) as session:
            due = due_ids(session, 50)
        if not due:
            break
        for row_id in due:
            run(row_id)
            count += 1
    return count


def run_again(row_id: str) -> bool:
    """An operator's "run again" on a failed row: a fresh set of attempts."""
    row = db.session.scalar(select(Outbox).where(Outbox.id == row_id, Outbox.state.in_((FAILED, PENDING))))
    if row is None:
        return False
    row.state, row.attempts, row.next_at = PENDING, 0, database_now(db.session)
    db.session.info.setdefault(TO_RING, []).append(row.id)
    return True

"""Write rows, and find those that are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflow.db import database_now, db, new_id, own_transaction
from workflow.outbox.doorbell import TO_RING, ring, ring_new, waiting
from workflow.outbox.leases import gone
from workflow.outbox.retrying import after_death
from workflow.outbox.row import FAILED, PENDING, RUNNING, Outbox
from workflow.outbox.running import perform

__all__ = [
    "TO_RING",
    "New",
    "add",
    "add_new",
    "drain",
    "due_ids",
    "given_up",
    "reap",
    "relay_once",
    "ring_new",
    "run_again",
]

LOST_AFTER = 5.0  # seconds: a rung row that nobody took, while nothing lies in the queue, was lost with the queue
RING_AGAIN = 300.0  # seconds: rung again in any case
log = structlog.get_logger()


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
    if not after:
        db.session.info.setdefault(TO_RING, []).append(row.id)
    return row


class New(NamedTuple):
    """A row to be written for a fact that was just recorded: its key cannot have been there before."""

    kind: str
    subject: str
    key: str
    version: int


def add_new(rows: Sequence[New]) -> None:
    """Write several rows in the present transaction, at once. They are rung after the commit."""
    if not rows:
        return
    now = database_now(db.session)
    fresh = {"state": PENDING, "attempts": 0, "made_at": now, "next_at": now, "fence": 0}
    told = [fresh | one._asdict() | {"id": new_id()} for one in rows]
    db.session.execute(_INSERT, told)
    db.session.info.setdefault(TO_RING, []).extend(one["id"] for one in told)


_INSERT = insert(Outbox.__table__)


def due_ids(session: Session, limit: int = 200) -> list[str]:
    """Rows that wait for a worker."""
    asked = select(Outbox.id).where(Outbox.state == PENDING, Outbox.next_at <= database_now(session))
    return list(session.scalars(asked.order_by(Outbox.next_at).limit(limit)))


def reap() -> list[str]:
    """Give back what was left running, because its lease is over or its worker is gone; which rows."""
    with own_transaction(read_only=True) as session:
        now = database_now(session)
        running = session.execute(
            select(Outbox.id, Outbox.fence, Outbox.lease_by, Outbox.lease_until).where(Outbox.state == RUNNING)
        )
        dead = {row.id: row.fence for row in running if row.lease_until < now or gone(row.lease_by)}
    return [row_id for row_id, fence in dead.items() if _give_back(row_id, fence)]


def _give_back(row_id: str, fence: int) -> bool:
    """Unless its worker finished meanwhile, or another took it over."""
    with own_transaction() as session:
        asked = select(Outbox).where(Outbox.id == row_id, Outbox.fence == fence, Outbox.state == RUNNING)
        row = session.scalar(asked.with_for_update())
        if row is None:
            return False
        after_death(row, database_now(session))
        log.warning("worker_died", job=row.id, kind=row.kind, state=row.state)
    return True


def relay_once(rung: dict[str, float], monotonic: float) -> int:
    """Ring for every due row that was not rung yet, or whose call was lost. How many were rung.

    `rung` remembers when each was rung (monotonic seconds); losing it means ringing once more.
    """
    freed = reap()
    with own_transaction(read_only=True) as session:
        due = due_ids(session)
    for settled in set(rung) - set(due) | set(rung) & set(freed):
        del rung[settled]
    url = current_app.config["RELAIS"].redis_url
    patience = LOST_AFTER if due and waiting(url) == 0 else RING_AGAIN
    fresh = [row_id for row_id in due if monotonic - rung.get(row_id, float("-inf")) >= patience]
    if not fresh or not ring(url, fresh):
        return 0
    rung.update(dict.fromkeys(fresh, monotonic))
    return len(fresh)


def drain(limit: int = 10_000) -> int:
    """Run what is due here and now, without Redis: small installations, demonstration data, tests."""
    reap()
    count = 0
    while count < limit:
        with own_transaction(read_only=True) as session:
            due = due_ids(session, 50)
        if not due:
            break
        for row_id in due:
            perform(row_id)
            count += 1
    return count


def given_up(kind: str, subjects: Iterable[str]) -> frozenset[str]:
    """Of these subjects, those whose job of that kind failed for good: somebody must look before it runs again."""
    asked = select(Outbox.subject).where(Outbox.subject.in_(sorted(subjects)), Outbox.kind == kind)
    return frozenset(db.session.scalars(asked.where(Outbox.state == FAILED)))


def run_again(row_id: str) -> bool:
    """An operator's "run again" on a failed or waiting row: a fresh set of attempts, from now."""
    asked = select(Outbox).where(Outbox.id == row_id, Outbox.state.in_((FAILED, PENDING))).with_for_update()
    row = db.session.scalar(asked)
    if row is None:
        return False
    row.state, row.attempts, row.next_at = PENDING, 0, database_now(db.session)
    db.session.info.setdefault(TO_RING, []).append(row.id)
    return True

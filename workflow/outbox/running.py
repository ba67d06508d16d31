"""Run one row: claim it, do the work, write the result if the claim still holds."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import current_app
from sqlalchemy import or_, select, update

from workflow.db import database_now, db, own_transaction
from workflow.outbox.models import DONE, FAILED, PENDING, RUNNING, Outbox

log = structlog.get_logger()

LEASE = timedelta(seconds=120)
RETRIES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440)
)  # after the last one, somebody is asked to look


class Superseded(Exception):
    """Another run took this row over: what this one made is not written."""


@dataclass(frozen=True)
class Lease:
    """The right to write the result of one row."""

    id: str
    kind: str
    subject: str
    version: int
    fence: int

    @contextmanager
    def finish(self) -> Iterator[None]:
        """One transaction: what runs inside is written together with "done", if the fence is still the newest."""
        db.session.rollback()
        row = db.session.scalars(select(Outbox).where(Outbox.id == self.id).with_for_update()).one()
        if row.fence != self.fence or row.state != RUNNING:
            db.session.rollback()
            raise Superseded(self.id)
        yield
        row.state, row.done_at, row.lease_until, row.last_error = DONE, database_now(db.session), None, None
        db.session.commit()


Handler = Callable[[Lease], None]
_handlers: dict[str, Handler] = {}


def handle(kind: str, handler: Handler) -> None:
    """Name the function that does `kind`. It must call `lease.finish()`; one that does not is finished for it."""
    _handlers[kind] = handler


def run(row_id: str) -> None:
    """The only function RQ knows. Safe to call twice, late, or at the same time elsewhere."""
    lease = _claim(row_id)
    if lease is None:
        return
    handler = _handlers.get(lease.kind)
    try:
        if handler is None:
            raise LookupError(lease.kind)
        handler(lease)
        _finish_unless_done(lease)
    except Superseded:
        db.session.rollback()
        log.info("job_superseded", job=lease.id, kind=lease.kind)
    except BaseException as problem:
        db.session.rollback()
        _failed(lease, problem)
        if not isinstance(problem, Exception):
            raise
    else:
        log.info("job_done", job=lease.id, kind=lease.kind)
    finally:
        db.session.remove()


def _claim(row_id: str) -> Lease | None:
    with own_transaction() as session:
        now = database_now(session)
        taken = session.execute(
            update(Outbox)
            .where(
                Outbox.id == row_id,
                or_(
                    (Outbox.state == PENDING) & (Outbox.next_at <= now),
                    (Outbox.state == RUNNING) & (Outbox.lease_until < now),
                ),
            )
            .values(
                state=RUNNING,
                fence=Outbox.fence + 1,
                attempts=Outbox.attempts + 1,
                lease_until=now + LEASE,
                lease_by=f"{socket.gethostname()}:{os.getpid()}",
            )
        )
        if taken.rowcount != 1:
            return None
        row = session.get_one(Outbox, row_id)
        return Lease(row.id, row.kind, row.subject, row.version, row.fence)


def _finish_unless_done(lease: Lease) -> None:
    db.session.rollback()
    row = db.session.get_one(Outbox, lease.id, populate_existing=True)
    if row.state == RUNNING and row.fence == lease.fence:
        with lease.finish():
            pass


def _failed(lease: Lease, problem: BaseException) -> None:
    """Try again later, or ask somebody to look. Only the kind of the error is kept: its text may quote an answer."""
    with own_transaction() as session:
        row = session.get_one(Outbox, lease.id)
        if row.fence != lease.fence:
            return
        row.last_error = type(problem).__name__
        row.lease_until = None
        if row.attempts > len(RETRIES):
            row.state = FAILED
        else:
            row.state, row.next_at = PENDING, database_now(session) + RETRIES[row.attempts - 1]
        state = row.state
    log.error(
        "job_failed",
        job=lease.id,
        kind=lease.kind,
        error=type(problem).__name__,
        state=state,
        exc_info=current_app.debug or current_app.testing,
    )

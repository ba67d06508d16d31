"""Run one row: claim it, do the work, write the result if the claim still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

import structlog
from flask import current_app
from sqlalchemy import select, update

from workflow.db import database_now, db, own_transaction
from workflow.outbox.doorbell import TO_RING, call
from workflow.outbox.leases import holder
from workflow.outbox.retrying import after_failure
from workflow.outbox.row import DONE, PENDING, RUNNING, Outbox

log = structlog.get_logger()

LEASE = timedelta(seconds=120)  # longer than the longest job (doorbell.TIMEOUT): a living job is never taken over


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
    call(perform(row_id))


def perform(row_id: str) -> list[str]:
    """Do the work of a row if it can be claimed; the ids of the rows that follow from it."""
    lease = _claim(row_id)
    if lease is None:
        return []
    attempt = _Attempt(lease)
    with attempt:
        _handlers[lease.kind](lease)
        _finish_unless_done(lease)
        log.info("job_done", job=lease.id, kind=lease.kind)
    return attempt.followed_by


class _Attempt:
    """Whatever goes wrong inside is kept on the row, which is tried again later.

    An ordinary error ends here, because its place is the operator's page; an order to stop goes on its way.
    """

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.followed_by: list[str] = []

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        try:
            if isinstance(problem, Superseded):
                log.info("job_superseded", job=self.lease.id, kind=self.lease.kind)
            elif problem is not None:
                db.session.rollback()
                _failed(self.lease, problem)
            else:
                self.followed_by = db.session.info.pop(TO_RING, [])
        finally:
            db.session.remove()
        return isinstance(problem, Exception)


def _claim(row_id: str) -> Lease | None:
    """Take a row that is due. Two workers may try: the database lets one of them."""
    with own_transaction() as session:
        now = database_now(session)
        taken = session.execute(
            update(Outbox)
            .where(Outbox.id == row_id, Outbox.state == PENDING, Outbox.next_at <= now)
            .values(
                state=RUNNING,
                fence=Outbox.fence + 1,
                attempts=Outbox.attempts + 1,
                lease_until=now + LEASE,
                lease_by=holder(),
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
        row = session.scalars(select(Outbox).where(Outbox.id == lease.id).with_for_update()).one()
        if row.fence != lease.fence or row.state != RUNNING:
            return
        after_failure(row, type(problem).__name__, database_now(session))
        state = row.state
    log.error(
        "job_failed",
        job=lease.id,
        kind=lease.kind,
        error=type(problem).__name__,
        state=state,
        exc_info=problem if current_app.debug or current_app.testing else None,
    )

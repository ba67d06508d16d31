"""One deed for several subjects: looked at, confirmed, then done one by one in the background, each in a transaction of
its own with the line that tells of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from datetime import timedelta

import structlog
from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from workflow import clock, outbox
from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.actions.deciding import act_as
from workflow.approvals.models import Batch, BatchLine
from workflow.approvals.queries import batches
from workflow.approvals.queries.foreseeing import Deed, Foreseen, deed_of, foresee, reminded_today
from workflow.approvals.rules import BESIDE, MATERIAL, MOST, NOT_TOGETHER, all_of_one
from workflow.db import Scope, begin_reading, db, new_id, scoped
from workflow.errors import Forbidden, Moved, NotFound, Problem, Refused
from workflow.operations.queries import operations as find_operations
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.record.queries import facts
from workflow.storage import seal, unseal

log = structlog.get_logger()
WHILE_ONE_WAITS = 20  # looked at before the page answers; more are looked at in the background
AT_ONCE = 40  # done in one go of the worker, well within its lease
FORGOTTEN = timedelta(days=1)  # what was looked at and never confirmed
KEPT = timedelta(days=400)  # reports


class RightEnded(Forbidden):
    """Whoever confirmed it has no open account any more, or holds nothing in that operation."""


def prepare(identity: Identity, deed: Deed, asked: Sequence[tuple[str, str]], place: str = "") -> Batch:
    """Look at what a deed would lead to at these open steps (subject, step). Nothing is decided.

    place: the operation whose list they come from. Raises Refused when there are too many, or none.
    """
    if deed.command not in (*MATERIAL, *BESIDE) or not asked:
        raise Refused("none_chosen", "Tick at least one file.")
    if len(asked) > MOST:
        raise Refused("too_many", "At most %(most)s files at once: tick fewer.", most=MOST)
    db.session.rollback()
    begin_reading()  # nobody who wants to write waits meanwhile
    rows = queries.courses({subject for subject, _step in asked})
    may_be_known = queries.openable(rows, identity)
    known = [one for one in dict.fromkeys(asked) if one[0] in may_be_known]
    where = {subject: row.operation_id for subject, row in rows.items()}
    at_once = len(known) <= WHILE_ONE_WAITS
    seen = [foresee(identity, deed, *one) for one in known] if at_once else []
    zones = _zones(where.values())
    db.session.rollback()
    _forget_old(identity)
    made = _batch(identity, deed, place, batches.LOOKED if at_once else batches.LOOKING)
    for rank, (subject, step) in enumerate(known):
        line = BatchLine(batch=made.id, rank=rank, operation_id=where[subject], subject=subject, step=step)
        _write_down(line, seen[rank] if at_once else Foreseen(), zones[where[subject]])
        db.session.add(line)
    db.session.flush()
    if not at_once:
        _ring(made)
    return made


def _zones(ids: Collection[str]) -> dict[str, str]:
    return {row.id: row.zone for row in find_operations(set(ids))}


def _batch(identity: Identity, deed: Deed, place: str, state: str) -> Batch:
    row = Batch(
        id=new_id(),
        person=identity.person,
        command=deed.command,
        opinion=deed.opinion,
        from_person=deed.from_person,
        to_person=deed.to_person,
        destination=deed.to if deed.command == "SendBack" else "",
        place=place,
        state=state,
        made_at=clock.now(),
    )
    row.sealed = seal(_key(), deed.reason.encode(), f"batch:{row.id}") if deed.reason else None
    db.session.add(row)
    return row


def reason_of(row: Batch) -> str:
    """What was typed as a reason, until the batch is done."""
    return unseal(_key(), row.sealed, f"batch:{row.id}").decode() if row.sealed else ""


def _key() -> bytes:
    return hmac.new(current_app.config["RELAIS"].master_key, b"several at once", "sha256").digest()


def _write_down(line: BatchLine, seen: Foreseen, zone: str) -> None:
    line.version, line.shown, line.mark, line.code, line.told = (
        seen.version,
        seen.shown,
        seen.mark,
        seen.code,
        seen.told(),
    )
    line.chosen = not seen.code and not reminded_today(seen.reminded, zone)


def _forget_old(identity: Identity) -> None:
    """What was never confirmed goes after a day, reports after a year."""
    now = clock.now()
    stale = (Batch.made_at < now - FORGOTTEN) & Batch.state.in_((batches.LOOKING, batches.LOOKED))
    asked = select(Batch.id).where(Batch.person == identity.person, stale | (Batch.made_at < now - KEPT))
    old = list(db.session.scalars(asked))
    if old:
        db.session.execute(delete(BatchLine).where(BatchLine.batch.in_(old)))
        db.session.execute(delete(Batch).where(Batch.id.in_(old)))


def confirm(identity: Identity, batch_id: str, chosen: Collection[int]) -> Batch:
    """Do it for those chosen among the ones for which it can be done. Confirmed twice is confirmed once."""
    row = batches.batch(identity, batch_id, lock=True)
    if row.state in (batches.RUNNING, batches.ENDED):
        return row
    if row.state != batches.LOOKED:
        raise Refused("still_looking", "These files are still being looked at.")
    known = batches.lines(row)
    for line in known:
        line.chosen = not line.code and line.rank in chosen
    if not any(line.chosen for line in known):
        raise Refused("none_chosen", "Tick at least one file.")
    row.state = batches.RUNNING
    _ring(row)
    return row


def _ring(row: Batch) -> None:
    rest = batches.left(row) if row.state == batches.RUNNING else 0
    outbox.add(batches.JOB, subject=batches.subject_of(row), key=f"{batches.JOB}:{row.id}:{row.state}:{rest}")


# -- in the background --------------------------------------------------------------------------------------------


def go_on(lease: outbox.Lease) -> None:
    """Look at a batch, or do the next of it. Done twice is done once: each line says what became of it."""
    batch_id = lease.subject.partition(":")[2]
    row = db.session.get_one(Batch, batch_id)
    identity = people.identity_at_work(row.person)
    if row.state == batches.LOOKING:
        _look(lease, identity, row)
        return
    person, deed = row.person, deed_of(row, reason_of(row))
    for _number in range(AT_ONCE):
        if not _next(batch_id, person, deed):
            break
    with lease.finish():
        row = db.session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
        if row.state == batches.RUNNING and batches.left(row):
            _ring(row)
        elif row.state == batches.RUNNING:
            row.state, row.sealed, row.ended_at = batches.ENDED, None, clock.now()


def _look(lease: outbox.Lease, identity: Identity | None, row: Batch) -> None:
    """At all of them in one reading, then what was seen is written down at once; for nobody, nothing."""
    if identity is None:
        with lease.finish():
            return
    deed, batch_id = deed_of(row, reason_of(row)), row.id
    db.session.rollback()
    begin_reading()
    known = [(line.rank, line.subject, line.step) for line in batches.lines(db.session.get_one(Batch, batch_id))]
    with scoped(Scope(identity.operations)):
        seen = {rank: foresee(identity, deed, subject, step) for rank, subject, step in known}
    zones = _zones(identity.operations)
    db.session.rollback()
    with lease.finish():
        row = db.session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
        if row.state == batches.LOOKING:
            for line in batches.lines(row):
                _write_down(line, seen[line.rank], zones.get(line.operation_id, "Europe/Paris"))
            row.state = batches.LOOKED


def _next(batch_id: str, person: str, deed: Deed) -> bool:
    """One line: what was decided and the line that tells of it, in one transaction. False when none is left.

    Whether this person still acts there is asked anew for each: a right may end while a long batch is done.
    """
    line = _open_line(batch_id)
    if line is None:
        return False
    rank = line.rank
    try:
        _do(people.identity_at_work(person), deed, line)
        db.session.commit()
    except (Problem, LookupError, ValueError, SQLAlchemyError) as problem:
        db.session.rollback()
        outcome, told = _why_not(problem)
        if outcome == batches.FAILED:
            log.error("batch_line_failed", batch=batch_id, rank=rank, error=type(problem).__name__, exc_info=True)
        line = _open_line(batch_id, rank)
        if line is not None:
            line.outcome, line.after, line.done_at = outcome, told, clock.now()
        db.session.commit()
    return True


def _open_line(batch_id: str, rank: int | None = None) -> BatchLine | None:
    """The next line to do, locked; or that one, unless it was done meanwhile."""
    db.session.rollback()
    asked = select(BatchLine).where(
        BatchLine.batch == batch_id, BatchLine.chosen.is_(True), BatchLine.outcome.is_(None)
    )
    if rank is not None:
        asked = asked.where(BatchLine.rank == rank)
    return db.session.scalar(
        asked.order_by(BatchLine.rank).limit(1).with_for_update().execution_options(populate_existing=True)
    )


def _do(identity: Identity | None, deed: Deed, line: BatchLine) -> None:
    """What the preview said, or nothing: whatever changed since makes it another decision."""
    if identity is None or line.operation_id not in identity.operations:
        raise RightEnded()
    with scoped(Scope(identity.operations)):
        now = foresee(identity, deed, line.subject, line.step, lock=True)
        if now.code or now.mark != line.mark:
            _refuse(identity, now, line)
        text = record.keep_text(line.subject, deed.reason)
        act_as(identity, line.subject, deed.at(line.step, line.shown, text), line.version)
    line.outcome, line.after, line.done_at = batches.DONE, {}, clock.now()


def _refuse(identity: Identity, now: Foreseen, line: BatchLine) -> None:
    if now.code and all_of_one(identity.person, (fact.actor for fact in facts(line.subject, after=line.version))):
        raise Refused("yours", NOT_TOGETHER["yours"].message)
    if now.code in ("not_open", "organisation_spoke", "already_decided", "not_asked") and now.version != line.version:
        raise Moved(now.message, **now.params)
    if now.code:
        raise Refused(now.code, now.message, **now.params)
    changed = NOT_TOGETHER["changed"]
    raise Refused(changed.code, changed.message)


def _why_not(problem: Exception) -> tuple[str, dict[str, object]]:
    """(outcome, what the report says of it)."""
    if isinstance(problem, Moved):
        return batches.FASTER, {"message": problem.message, "params": problem.params}
    if isinstance(problem, Refused):
        outcome = batches.CHANGED if problem.code in ("changed", "moved") else batches.REFUSED
        return outcome, {"message": problem.message, "params": problem.params}
    if isinstance(problem, RightEnded):
        return batches.RIGHT_ENDED, {"message": NOT_TOGETHER["right_ended"].message, "params": {}}
    if isinstance(problem, NotFound | Forbidden):
        return batches.REFUSED, {"message": NOT_TOGETHER["gone"].message, "params": {}}
    return batches.FAILED, {"message": NOT_TOGETHER["failed"].message, "params": {}}

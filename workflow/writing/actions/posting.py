"""Letters to many, in the background: each in a transaction of its own with the line that tells of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import TracebackType

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from documents.authority import NoKey
from workflow import clock, outbox
from workflow.access import Identity
from workflow.config import Config
from workflow.db import begin_reading, db, new_id
from workflow.dossiers.models import Household
from workflow.dossiers.queries.listing import readable
from workflow.filing.actions.many import Sheaf, new_paper
from workflow.filing.models import Paper
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.record.queries import text
from workflow.storage import new_key
from workflow.writing.actions.letters import AT_ONCE, ended
from workflow.writing.actions.writing import VERSION, note
from workflow.writing.models import FAILED, RUN, RUNNING, SUBJECT, WAITING, WRITTEN, LetterLine, LetterRun, Written
from workflow.writing.queries.letters import Run
from workflow.writing.queries.orders import lang_of, order, told_of
from workflow.writing.rules import hindering

log = structlog.get_logger()
OF_EVERY_LETTER = (NoKey, OSError, MemoryError, SQLAlchemyError, outbox.TimeUp, outbox.Superseded)
"""What is no fault of one letter: the job fails as a whole, and is tried again later."""


@dataclass
class _Post:
    """One go of the worker: what is read once. identity: whoever started it, as they stand now."""

    run: Run
    identity: Identity | None
    sheaf: Sheaf | None = None


@dataclass(frozen=True)
class _Made:
    """A letter that is sealed and stored, and not yet written down. data: what it was written from."""

    deed: Written
    paper: Paper
    data: dict[str, object]
    key: bytes


def go_on(lease: outbox.Lease) -> None:
    """Write the letters of one job. Done twice is done once: each line says what became of it.

    Raises what hinders every letter, such as NoKey: nothing more is written, and the job fails.
    """
    run_id, first = lease.subject.removeprefix(RUN), lease.version * AT_ONCE + 1
    row = db.session.get_one(LetterRun, run_id)
    post = _Post(Run(row), people.identity_at_work(row.started_by))
    db.session.commit()
    for rank in range(first, first + AT_ONCE):
        _one(post, run_id, rank)
    with lease.finish():
        ended(db.session.get_one(LetterRun, run_id, with_for_update=True, populate_existing=True))


def _one(post: _Post, run_id: str, rank: int) -> None:
    """One letter, unless it is written, failed, left out, or somebody said stop."""
    line = _open_line(run_id, rank)
    if line is None:
        return
    own = dict(json.loads(told)) if (told := text(line.told)) else {}
    home = _household(post.identity, line)
    if home is None:
        _failed(run_id, rank, [hindering.NO_RIGHT, {}])
        return
    hindrance = post.run.hindrance(home, own, deep=False)
    if hindrance:
        _failed(run_id, rank, hindrance)
        return
    with _Alone(run_id, rank):
        _write(post, run_id, rank, home, own)


@dataclass(frozen=True)
class _Alone:
    """Whatever goes wrong with one letter is said on its line, and the others go on. What it was about stays unsaid:
    the text of an error may quote an answer.
    """

    run_id: str
    rank: int

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if not isinstance(problem, Exception) or isinstance(problem, OF_EVERY_LETTER):
            return False
        db.session.rollback()
        log.error("letter_failed", subject=f"{RUN}{self.run_id}", seq=self.rank, exc_info=problem)
        _failed(self.run_id, self.rank, [hindering.FAILED, {}])
        return True


def _open_line(run_id: str, rank: int, *, lock: bool = False) -> LetterLine | None:
    """A line that is still to be written; None once it is not, or the run was stopped. Without `lock`, only read: the
    other workers write meanwhile.
    """
    db.session.rollback()
    if not lock:
        begin_reading()
    asked = select(LetterLine).join(LetterRun, LetterRun.id == LetterLine.run_id)
    asked = asked.where(LetterLine.run_id == run_id, LetterLine.rank == rank, LetterRun.state == RUNNING)
    asked = asked.where(LetterLine.chosen.is_(True), LetterLine.state == WAITING)
    if lock:
        asked = asked.with_for_update(of=LetterLine)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def _household(identity: Identity | None, line: LetterLine, *, lock: bool = False) -> Household | None:
    """As whoever started it may know of it now: a right may end while many letters are written. lock: nobody changes
    or erases it before the end of the transaction.
    """
    if identity is None or line.operation_id not in identity.operations:
        return None
    asked = readable(identity, line.operation_id).where(Household.id == line.household_id)
    if lock:
        asked = asked.with_for_update(of=Household)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def _failed(run_id: str, rank: int, why: hindering.Hindrance) -> None:
    line = _open_line(run_id, rank, lock=True)
    if line is not None:
        line.state, line.problem = FAILED, why
    db.session.commit()


def _write(post: _Post, run_id: str, rank: int, home: Household, own: dict[str, object]) -> None:
    """Made while no transaction is open; then the deed, its key, its paper and the line, all at once."""
    settings: Config = current_app.config["RELAIS"]
    row, wish, household = post.run.row, post.run.wish(home, own), home.id
    data, told = wish.data, told_of(wish)
    written_id, operation, lang = new_id(), row.operation_id, lang_of(wish.model.text)
    subject = f"{SUBJECT}{written_id}"
    paper = new_paper(operation, subject, VERSION, kind=row.model[:40], audience=row.audience, lang=lang)
    verify = f"{settings.base_url}/verify/{paper.reference}"
    full = order(told, row.audience, paper.reference, verify, copy=False)
    post.sheaf = post.sheaf or Sheaf(full)
    deed = Written(
        id=written_id,
        operation_id=operation,
        model=row.model,
        model_hash=row.model_hash,
        title=row.title,
        about="household",
        household_id=household,
        body="",
        sitting="",
        audiences=[row.audience],
        large=row.large,
        day=row.day,
        annexes=[],
        run_id=run_id,
        made_by=row.started_by,
        made_at=clock.now(),
    )
    db.session.rollback()
    key = new_key()
    post.sheaf.make(paper, full, key)
    _keep(post, _Made(deed, paper, data, key), rank, own)


def _keep(post: _Post, made: _Made, rank: int, own: dict[str, object]) -> None:
    """Unless the letter was written, or its household erased, while it was being made."""
    deed, run_id = made.deed, post.run.row.id
    line = _open_line(run_id, rank, lock=True)
    if line is None:
        _discard(post, made)
        return
    home = _household(post.identity, line, lock=True)
    hindrance = post.run.hindrance(home, own, deep=False) if home else [hindering.NO_RIGHT, {}]
    if hindrance:
        _discard(post, made)
        _failed(run_id, rank, hindrance)
        return
    record.keep_key(deed.subject, made.key)
    deed.told = record.keep_text(deed.subject, json.dumps(made.data, ensure_ascii=False))
    line.state, line.written_id = WRITTEN, deed.id
    db.session.add_all([deed, made.paper])
    note(deed, "PaperWritten", deed.made_by)
    db.session.commit()


def _discard(post: _Post, made: _Made) -> None:
    """What was made stays nowhere."""
    db.session.rollback()
    if post.sheaf is not None:
        post.sheaf.discard(made.paper)

"""What must always hold, whatever was killed, lost or repeated. Nothing is mended here, only found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import current_app
from sqlalchemy import func, inspect, select, text

from workflow import clock
from workflow.approvals.actions import project, unknown_courses
from workflow.approvals.models import Course, Task, Voter
from workflow.approvals.queries import Standing, folded, standing
from workflow.approvals.queries.kept import stored
from workflow.db import begin_reading, database_now, db, unscoped
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries.handovers import not_let_go
from workflow.filing import queries as filing
from workflow.filing.models import READY, KeptFile, Paper
from workflow.outbox import DONE, FAILED, PENDING, RUNNING, Outbox
from workflow.record import queries as record
from workflow.record.queries import key_of
from workflow.storage import open_store

GRACE = timedelta(minutes=2)  # after a fault everything must be under way again within this
LEFTOVER = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """One invariant: how many things were looked at, and which of them are wrong (ids, never names)."""

    name: str
    count: int
    faults: tuple[str, ...] = ()


def findings() -> list[Finding]:
    """Every invariant. An installation without a database has nothing that could be wrong."""
    made = inspect(db.engine).has_table(Outbox.__tablename__)
    with unscoped("what must hold, holds in every operation"):
        return [_look(name, check) if made else Finding(name, 0) for name, check in CHECKS.items()]


Check = Callable[[], tuple[int, Iterator[str]]]


def _look(name: str, check: Check) -> Finding:
    """Run one check in a transaction of its own, which leaves nothing behind."""
    db.session.rollback()
    if check is not _projections:
        begin_reading()
    try:
        count, faults = check()
        return Finding(name, count, tuple(faults))
    finally:
        db.session.rollback()


def _count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _record() -> tuple[int, Iterator[str]]:
    lines = sum(chain.head_seq for chain in record.chains())
    return lines, (f"{fault.chain}:{fault.seq} {fault.reason}" for fault in record.faults())


def _courses() -> tuple[int, Iterator[str]]:
    dossiers = {f"dossier:{row}" for row in db.session.scalars(select(Dossier.id))}
    courses = set(db.session.scalars(select(Course.subject)))
    of_dossiers = {subject for subject in courses if subject.startswith("dossier:")}
    return len(dossiers), iter(sorted((dossiers ^ of_dossiers) | set(unknown_courses())))


# -- projections --------------------------------------------------------------------------------------------------


def _projections() -> tuple[int, Iterator[str]]:
    """Each course is folded from its beginning and written anew, compared, and taken back: one short transaction each.
    What is kept of a long one must be its state too.
    """
    subjects = list(db.session.scalars(select(Course.subject).order_by(Course.subject)))
    return len(subjects), (subject for subject in subjects if not _equals_fold(subject))


def _equals_fold(subject: str) -> bool:
    db.session.rollback()
    known = standing(subject, lock=True, afresh=True)
    before = _rows(subject)
    project(known)
    after = _rows(subject)
    true = _kept_is_true(known)
    db.session.rollback()
    return before == after and true


def _kept_is_true(known: Standing) -> bool:
    kept = stored(known.subject, known.published)
    if kept is None:
        return True
    return kept.state == folded(known.published, record.facts(known.subject)[: kept.state.version])


def _rows(subject: str) -> dict[str, list[tuple[Any, ...]]]:
    db.session.expire_all()
    return {
        model.__tablename__: sorted(
            (tuple(row) for row in db.session.execute(select(*model.__table__.columns).filter_by(subject=subject))),
            key=repr,
        )
        for model in (Course, Task, Voter)
    }


# -- jobs ---------------------------------------------------------------------------------------------------------


def _jobs() -> tuple[int, Iterator[str]]:
    over = database_now(db.session) - GRACE
    stuck = (Outbox.state == RUNNING) & ((Outbox.lease_until.is_(None)) | (Outbox.lease_until < over))
    unknown = Outbox.state.not_in((PENDING, RUNNING, DONE, FAILED))
    unfinished = (Outbox.state == DONE) & Outbox.done_at.is_(None)
    rows = db.session.scalars(select(Outbox.id).where(stuck | unknown | unfinished).order_by(Outbox.id)).all()
    return _count(Outbox), iter(rows)


# -- documents ----------------------------------------------------------------------------------------------------


def _papers() -> tuple[int, Iterator[str]]:
    same = (Paper.subject, Paper.version, Paper.kind, Paper.audience, Paper.lang)
    valid = select(*same).where(Paper.void_at.is_(None))
    twice = db.session.execute(valid.group_by(*same).having(func.count() > 1)).all()
    unfinished = db.session.scalars(select(Paper.reference).where(Paper.state == READY, Paper.pdf_sha256.is_(None)))
    return _count(Paper), iter([":".join(str(part) for part in row) for row in twice] + list(unfinished))


def _files() -> tuple[int, Iterator[str]]:
    """Decrypted and hashed. What was erased, alone or with its key, cannot be read and need not be."""
    papers = list(db.session.scalars(select(Paper).where(Paper.state == READY).order_by(Paper.reference)))
    kept = list(db.session.scalars(select(KeptFile).where(KeptFile.erased_at.is_(None)).order_by(KeptFile.id)))
    wrong = [row.reference for row in papers if not _erased(row.subject) and not _paper_is_whole(row)]
    wrong += [row.id for row in kept if not _erased(row.subject) and not _file_is_whole(row)]
    return len(papers) + len(kept), iter(wrong)


def _erased(subject: str) -> bool:
    return key_of(subject) is None


def _paper_is_whole(row: Paper) -> bool:
    """A letter to many has no working copy."""
    try:
        pdf, docx = filing.bytes_of(row, "pdf"), filing.bytes_of(row, "docx") if row.docx_name else None
    except (FileNotFoundError, InvalidTag):
        return False
    return sha256(pdf).hexdigest() == row.pdf_sha256 and (len(pdf), docx and len(docx)) == (row.pdf_size, row.docx_size)


def _file_is_whole(row: KeptFile) -> bool:
    try:
        return sha256(filing.bytes_of_file(row)).hexdigest() == row.sha256
    except (FileNotFoundError, InvalidTag):
        return False


def _leftovers() -> tuple[int, Iterator[str]]:
    """Files no row names, older than an hour: what is under way may not have its row yet."""
    stored = open_store(current_app.config["RELAIS"].storage_url).ages()
    named = set(db.session.scalars(select(KeptFile.name).where(KeptFile.erased_at.is_(None))))
    for columns in db.session.execute(select(Paper.pdf_name, Paper.docx_name)):
        named |= {name for name in columns if name}
    old = clock.now() - LEFTOVER
    return len(stored), (name for name, since in sorted(stored.items()) if name not in named and since < old)


def _departures() -> tuple[int, Iterator[str]]:
    """Whoever left owns nothing any more."""
    count, faults = not_let_go()
    return count, iter(faults)


def _references() -> tuple[int, Iterator[str]]:
    """PostgreSQL keeps them itself; SQLite is asked."""
    if db.engine.dialect.name != "sqlite":
        return 0, iter(())
    rows = db.session.execute(text("PRAGMA foreign_key_check")).all()
    return len(rows), (f"{row[0]}:{row[1]}" for row in rows)


CHECKS: dict[str, Check] = {
    "record": _record,
    "courses": _courses,
    "projections": _projections,
    "jobs": _jobs,
    "papers": _papers,
    "files": _files,
    "leftovers": _leftovers,
    "departures": _departures,
    "references": _references,
}

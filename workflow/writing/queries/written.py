"""What was written: found by what it is about, with its papers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from documents.annexes import AnnexFile
from workflow import outbox
from workflow.access import Identity
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen, models_in_use
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.queries.mending import subjects_of
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import READY, Paper
from workflow.operations.queries import operation as find_operation
from workflow.record.queries import text
from workflow.writing.models import SUBJECT, LetterRun, Written
from workflow.writing.queries.entitled import audiences_for, check_written, may_have
from workflow.writing.queries.orders import Told, audiences_of

JOB = "writing.make_paper"


def fitting(identity: Identity, operation: str, about: str, *, body: Any = None) -> list[PaperModelInUse]:
    """The models somebody may write from there, by title: those of which they may have a version."""
    secretary = body is not None and identity.person in body.secretaries
    return [
        one
        for one in models_in_use(operation)
        if one.about == about
        and (secretary or any(may_have(identity, operation, each, about) for each in audiences_of(one)))
    ]


def written(identity: Identity, written_id: str) -> Written:
    """One deed of writing this reader may know of. Raises NotFound."""
    row = db.session.scalar(select(Written).where(Written.id == written_id))
    if row is None:
        raise NotFound()
    check_written(identity, row)
    return row


def cause_of(row: Written) -> str:
    """Which journey asked for this letter, and for what; "" for none."""
    run = db.session.get(LetterRun, row.run_id) if row.run_id else None
    return run.cause if run else ""


def held(ids: Iterable[str]) -> list[Written]:
    """These, as they stand now, locked until the end of the transaction; always in the same order, so that two who
    take several wait for one another and never for ever.
    """
    wanted, found = sorted(ids), list[Written]()
    for first in range(0, len(wanted), 500):
        asked = select(Written).where(Written.id.in_(wanted[first : first + 500])).order_by(Written.id)
        found += db.session.scalars(asked.with_for_update().execution_options(populate_existing=True))
    return found


def by_subject(subject: str) -> Written:
    """By the subject of its papers. Raises NotFound."""
    row = db.session.get(Written, subject.removeprefix(SUBJECT))
    if row is None:
        raise NotFound()
    return row


def of_household(identity: Identity, row: Household) -> list[Written]:
    """The latest first, with those of households that were found to be the same; those of which this reader may have a
    version.
    """
    ids = [one.removeprefix("household:") for one in subjects_of(row)]
    asked = select(Written).where(Written.household_id.in_(ids))
    return _readable(identity, db.session.scalars(asked.order_by(Written.made_at.desc(), Written.id)))


def of_operation(identity: Identity, operation: str, body: str = "") -> list[Written]:
    """Those about the operation, or about one of its bodies; not those to households."""
    asked = select(Written).where(Written.operation_id == operation, Written.body == body)
    asked = asked.where(Written.about == ("body" if body else "operation"))
    return _readable(identity, db.session.scalars(asked.order_by(Written.made_at.desc(), Written.id)))


def _readable(identity: Identity, rows: Iterable[Written]) -> list[Written]:
    return [row for row in rows if audiences_for(identity, row)]


def papers_of(identity: Identity, row: Written) -> list[Paper]:
    """Its papers that this reader may have, in the order of its audiences."""
    mine = audiences_for(identity, row)
    found = [paper for paper in filing.papers(row.subject) if paper.audience in mine]
    return sorted(found, key=lambda paper: mine.index(paper.audience))


def failed(papers: Iterable[Paper]) -> bool:
    """Whether nobody works at one of them any more."""
    waiting = [f"paper:{paper.id}" for paper in papers if paper.state != READY]
    return bool(outbox.given_up(JOB, waiting))


def data_of(row: Written) -> dict[str, Any]:
    """What its papers were written from, for nobody's eyes. Raises NotFound once it was erased."""
    told = text(row.told)
    if told is None:
        raise NotFound("This document has been erased.")
    return dict(json.loads(told))


def told_of(row: Written) -> Told:
    """What it was written from, to be written, or written again as a copy that says "annulled"."""
    place = find_operation(row.operation_id)
    return Told(
        frozen(row.model_hash), data_of(row), row.day, place.owner if place else "", row.large, annex_files(row)
    )


def annex_files(row: Written) -> tuple[AnnexFile, ...]:
    """Its annexes, opened. Raises NotFound once they were erased."""
    return tuple(
        AnnexFile(one["name"], kept.mime, filing.bytes_of_file(kept), one["title"], tuple(one.get("audiences", ())))
        for one in row.annexes
        if (kept := filing.file(one["file"])) is not None
    )

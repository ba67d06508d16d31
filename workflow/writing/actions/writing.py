"""Write one paper: what it says is sealed at once; a job sets it, seals it and stores it for each of its readers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from documents.annexes import AnnexFile
from workflow import clock, outbox
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.dossiers.models import Household
from workflow.errors import FieldError, Invalid, Refused
from workflow.filing import actions as filing
from workflow.filing.models import KeptFile, Paper
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.writing.models import Written
from workflow.writing.queries.orders import Wish, lang_of, order, rendered, told_of
from workflow.writing.queries.written import JOB

ANNEX = "annex"  # what an annex is called among the files that are kept
MOST_ANNEXES = 10
VERSION = 1  # a deed of writing is never written otherwise: another one is written in its place
_EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True)
class NewAnnex:
    """A file as it was handed in. field: of the form, for what is wrong with it; audiences: who gets it, every reader
    where none is named.
    """

    field: str
    title: str
    data: bytes
    mime: str = ""
    audiences: tuple[str, ...] = ()


def write(
    identity: Identity, wish: Wish, audiences: Sequence[str], annexes: Sequence[NewAnnex] = (), run: str | None = None
) -> Written:
    """Ask for a paper for each of these audiences. Raises Invalid (an annex that cannot be kept), ModelRefused, Refused
    (the household was erased meanwhile).
    """
    if not audiences:
        raise Refused("no_reader", "Choose at least one reader.")
    if wish.household is not None:
        _hold(wish.household)
    row = begin(wish, audiences, identity.person, run)
    kept = [_keep(row, one, rank, identity.person) for rank, one in enumerate(annexes[:MOST_ANNEXES], start=1)]
    row.annexes = [told for told, _file in kept]
    files = tuple(file for _told, file in kept)
    for audience in audiences:
        ask(row, replace(wish, annexes=files), audience)
    note(row, "PaperWritten", identity.person)
    return row


def _hold(home: Household) -> None:
    """Nobody erases it before the end of the transaction. Raises Refused once it was erased."""
    db.session.refresh(home, with_for_update=True)
    record.key_for(f"household:{home.id}")


def begin(wish: Wish, audiences: Sequence[str], by: str, run: str | None = None) -> Written:
    """The deed, with what its papers say sealed under a key of its own."""
    row = Written(
        id=new_id(),
        operation_id=wish.known.operation,
        model=wish.model.slug,
        model_hash=wish.model.hash,
        title=wish.model.title[:200],
        about=wish.model.about,
        household_id=wish.household.id if wish.household else None,
        body=wish.body.slug if wish.body else "",
        sitting=wish.sitting.id if wish.sitting else "",
        audiences=list(audiences),
        large=wish.large,
        day=wish.day,
        annexes=[],
        run_id=run,
        made_by=by,
        made_at=clock.now(),
    )
    row.told = record.keep_text(row.subject, json.dumps(wish.data, ensure_ascii=False))
    db.session.add(row)
    db.session.flush()
    return row


def _keep(row: Written, one: NewAnnex, rank: int, by: str) -> tuple[dict[str, Any], AnnexFile]:
    try:
        kept: KeptFile = filing.attach(
            row.operation_id, row.subject, one.data, one.mime, by, caption=one.title, part=ANNEX
        )
    except Invalid as problem:
        raise Invalid([FieldError(one.field, error.message, error.params) for error in problem.errors]) from problem
    name = f"annexe-{rank}.{_EXTENSIONS.get(kept.mime, 'bin')}"
    told: dict[str, Any] = {"file": kept.id, "name": name, "title": one.title, "audiences": list(one.audiences)}
    return told, AnnexFile(name, kept.mime, one.data, one.title, one.audiences)


def ask(row: Written, wish: Wish, audience: str) -> Paper:
    """One paper, with the words by which lists call it. Raises ModelRefused."""
    said = rendered(order(told_of(wish), audience, "", None))
    asked = filing.ask(
        row.operation_id,
        row.subject,
        VERSION,
        kind=row.model[:40],
        audience=audience,
        lang=lang_of(wish.model.text),
        title=said.document.title,
        parties=said.parties,
    )
    db.session.flush()
    outbox.add(JOB, subject=f"paper:{asked.id}", key=f"{JOB}:{asked.id}")
    return asked


def note(row: Written, kind: str, by: str, **more: str) -> None:
    """Tell the record: ids and codes, told of the household where there is one."""
    of = f"household:{row.household_id}" if row.household_id else row.subject
    told = {"writing": row.id, "model": row.model, "version": row.model_hash, "audiences": list(row.audiences)}
    record.note(chain_of(row.operation_id), of, kind, {"person": by}, **told, **more)

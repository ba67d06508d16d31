"""Papers: asked for, composed, sealed, stored."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import count

from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from workflow import clock, storage
from workflow.config import Config
from workflow.db import db
from workflow.errors import Refused
from workflow.filing import queries
from workflow.filing.models import MAKING, READY, Paper
from workflow.filing.rules.certificates import check_new
from workflow.filing.rules.papers import Composed, Order, compose
from workflow.filing.rules.references import new_reference, paper_id
from workflow.outbox import Lease
from workflow.outbox.running import Superseded
from workflow.people.rules import folded
from workflow.record.queries import key_of
from workflow.storage import Store

MOST_OF_A_TITLE, MOST_PARTIES, MOST_SEARCHED = 300, 30, 1000  # the first and last: characters, the width of columns
MOST_MISSING = 200  # characters, the width of the column: enough to see what the fonts lack


def ask(
    operation: str,
    subject: str,
    version: int,
    *,
    kind: str,
    audience: str,
    lang: str,
    title: str = "",
    parties: Sequence[str] = (),
) -> Paper:
    """A paper to be made. Asked for twice, it is the same one, with the same reference; one that was annulled is not
    taken up again: another one is asked for in its place.

    title, parties: what lists say of it, where its kind alone says too little; erased with its subject.
    """
    for turn in count():
        told = paper_id(subject, version, kind, audience, lang, turn=turn)
        found = db.session.get(Paper, told)
        if found is None:
            break
        if found.void_at is None:
            return found
    row = Paper(
        id=told,
        operation_id=operation,
        reference=new_reference(secrets.choice),
        subject=subject,
        version=version,
        kind=kind,
        audience=audience,
        lang=lang,
        state=MAKING,
        asked_at=clock.now(),
    )
    entitle(row, title, parties)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return db.session.get_one(Paper, told)
    return row


def entitle(row: Paper, title: str, parties: Sequence[str]) -> None:
    """What lists say of a paper."""
    row.title, row.parties = title[:MOST_OF_A_TITLE], [one[:MOST_OF_A_TITLE] for one in parties if one][:MOST_PARTIES]
    row.search = folded(" ".join((row.title, *row.parties)))[:MOST_SEARCHED]


def forget_words(subject: str) -> None:
    """What lists said of the papers of a subject goes with it: their titles and parties may name people."""
    told = update(Paper).where(Paper.subject == subject).values(title="", parties=[], search="")
    db.session.execute(told)


@dataclass(frozen=True)
class Stored:
    """Where the files of one attempt lie, and what is said of them in the row."""

    pdf_name: str
    docx_name: str | None
    pdf_sha256: str
    pdf_size: int
    docx_size: int | None


def write(lease: Lease, paper: Paper, order: Order, mark: str | None = None) -> None:
    """Compose, seal, store and say so, once: only the newest holder of the job writes its result.

    `mark`: a word said on every page; an annulled copy says "void" and carries the reference of its original.

    Raises NoKey (no key, no paper), Refused("erased"), ModelRefused, NotSet; the paper is then still to be made.
    No transaction is open while the files are made.
    """
    told, reference, subject = paper.id, queries.printed_reference(paper), paper.subject
    config: Config = current_app.config["RELAIS"]
    key, now = key_of(subject), clock.now().replace(microsecond=0)  # files keep whole seconds
    db.session.rollback()
    if key is None:
        raise Refused("erased", "This document has been erased.")
    seal = queries.seal(config)
    check_new(seal.ends, now)
    made = compose(order, reference, now, queries.house_style(order.organisation, order.address), mark)
    sealed = seal.sealed(made.pdf, at=now, reason=order.reason, location=order.place)
    store = storage.open_store(config.storage_url)
    stored = _put(store, key, told, lease.fence, {"pdf": sealed, "docx": made.docx})
    try:
        with lease.finish():
            say_ready(db.session.get_one(Paper, told), made, stored, now)
    except Superseded:
        _discard(store, told, lease.fence)
        raise
    for fence in range(1, lease.fence):
        _discard(store, told, fence)


def _put(store: Store, key: bytes, told: str, fence: int, files: Mapping[str, bytes]) -> Stored:
    """Encrypted files under names of this attempt's own: a late one never overwrites a newer one."""
    names = {form: _name(told, fence, form) for form in files}
    for form, data in files.items():
        store.put(names[form], storage.seal(key, data, queries.paper_seal(told, form)))
    pdf, docx = files["pdf"], files["docx"]
    return Stored(names["pdf"], names["docx"], sha256(pdf).hexdigest(), len(pdf), len(docx))


def _name(told: str, fence: int, form: str) -> str:
    return f"papers/{told}/{fence}.{form}"


def say_ready(row: Paper, made: Composed, stored: Stored, now: datetime) -> None:
    """The paper is there: what is said of it in its row."""
    row.state, row.made_at, row.content_hash = READY, now, made.content_hash
    row.pdf_name, row.pdf_sha256, row.pdf_size = stored.pdf_name, stored.pdf_sha256, stored.pdf_size
    row.docx_name, row.docx_size = stored.docx_name, stored.docx_size
    row.missing_characters = "".join(made.missing)[:MOST_MISSING] or None


def _discard(store: Store, told: str, fence: int) -> None:
    """Remove what an attempt that was not the last one may have left."""
    for form in ("pdf", "docx"):
        try:
            store.delete(_name(told, fence, form))
        except FileNotFoundError:
            continue

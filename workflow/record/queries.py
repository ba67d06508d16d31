"""Read the record: facts of a subject, texts, faults."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, func, select

from workflow.db import db
from workflow.record.models import GONE, Chain, Event, SealedText, SubjectKey
from workflow.record.rules import Fault, Row, first_fault
from workflow.storage import unseal


@dataclass(frozen=True)
class Fact:
    """One event as it is read: `data` is what its writer put in, `actor` who did it."""

    chain: str
    seq: int
    subject: str
    version: int
    kind: str
    at: datetime
    actor: dict[str, Any]
    data: dict[str, Any]
    schema: int


_KNOWN = (
    select(Event.chain, Event.seq, Event.subject, Event.version, Event.kind, Event.at, Event.body)
    .where(Event.subject == bindparam("subject"), Event.version > bindparam("after"))
    .order_by(Event.version)
)
_REACHED = select(Event.version).where(Event.subject == bindparam("subject")).order_by(Event.version.desc()).limit(1)


_SEAL = select(Event.hash).where(Event.subject == bindparam("subject"), Event.version == bindparam("version"))


def fact_of(row: Any) -> Fact:
    """`row` has the columns of an Event."""
    body = json.loads(row.body)
    return Fact(
        row.chain,
        row.seq,
        row.subject,
        row.version,
        row.kind,
        row.at,
        body.get("actor") or {},
        body["data"],
        body["schema"],
    )


def facts(subject: str, after: int = 0) -> list[Fact]:
    """What happened to `subject`, in order, after its version `after`."""
    return [fact_of(row) for row in db.session.execute(_KNOWN, {"subject": subject, "after": after})]


def seal_at(subject: str, version: int) -> str | None:
    """The hash under which that fact of a subject stands in its chain; None when there is no such fact."""
    return db.session.scalar(_SEAL, {"subject": subject, "version": version})


def latest(chain: str, count: int = 20) -> list[Fact]:
    rows = db.session.scalars(select(Event).where(Event.chain == chain).order_by(Event.seq.desc()).limit(count))
    return [fact_of(row) for row in rows]


def done_since(chain: str, person: str, kinds: Iterable[str], since: datetime) -> list[Fact]:
    """Facts of some kinds since then whose body names this person; the caller looks at who acted."""
    asked = select(Event).where(Event.chain == chain, Event.at >= since, Event.kind.in_(sorted(kinds)))
    rows = db.session.scalars(asked.where(Event.body.contains(f'"{person}"', autoescape=True)).order_by(Event.seq))
    return [fact_of(row) for row in rows]


def version_of(subject: str) -> int:
    """The number of facts known of `subject`."""
    return db.session.scalar(_REACHED, {"subject": subject}) or 0


def versions_of(subjects: Sequence[str]) -> dict[str, int]:
    """The number of facts known of each subject; those nothing is known of are left out."""
    found: dict[str, int] = {}
    for first in range(0, len(subjects), 500):
        some = subjects[first : first + 500]
        asked = select(Event.subject, func.max(Event.version)).where(Event.subject.in_(some)).group_by(Event.subject)
        found |= {subject: version for subject, version in db.session.execute(asked)}
    return found


def key_of(subject: str) -> bytes | None:
    """The data key of `subject`; None when it never had one or was erased."""
    row = db.session.get(SubjectKey, subject)
    if row is None or row.wrapped == GONE:
        return None
    return unseal(current_app.config["RELAIS"].master_key, row.wrapped, f"key:{subject}")


def text(text_id: str | None) -> str | None:
    """A sealed text; None when there is none or it was erased."""
    if not text_id:
        return None
    row = db.session.get(SealedText, text_id)
    key = key_of(row.subject) if row else None
    if row is None or key is None:
        return None
    return unseal(key, row.sealed, f"text:{row.id}").decode()


def texts(text_ids: Iterable[str]) -> dict[str, str]:
    """Sealed texts by id, for lists; those erased are left out."""
    wanted = sorted({text_id for text_id in text_ids if text_id})
    rows = {row.id: row for row in db.session.scalars(select(SealedText).where(SealedText.id.in_(wanted)))}
    subjects = {row.subject for row in rows.values()}
    held = db.session.scalars(select(SubjectKey).where(SubjectKey.subject.in_(sorted(subjects)))).all()
    keys = {row.subject: key_of(row.subject) for row in held}  # found in the session, not asked one by one
    return {
        row.id: unseal(key, row.sealed, f"text:{row.id}").decode()
        for row in rows.values()
        if (key := keys.get(row.subject)) is not None
    }


def chains() -> list[Chain]:
    return list(db.session.scalars(select(Chain).order_by(Chain.id)))


def _rows(chain: str) -> Iterator[Row]:
    found = db.session.execute(
        select(Event.seq, Event.previous, Event.hash, Event.body, Event.subject, Event.version, Event.kind)
        .where(Event.chain == chain)
        .order_by(Event.seq)
        .execution_options(yield_per=1000)
    )
    return (Row(*row) for row in found)


def faults() -> list[Fault]:
    """The first row of each chain that does not hold; empty when all is well."""
    known = chains()
    found = [first_fault(chain.id, _rows(chain.id), chain.head_seq, chain.head_hash) for chain in known]
    orphans = db.session.scalars(
        select(Event.chain).where(Event.chain.not_in([chain.id for chain in known])).distinct()
    )
    return [fault for fault in found if fault] + [Fault(chain, 1, "head") for chain in orphans]

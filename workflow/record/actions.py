"""Write the record: append facts, keep texts, rebuild what is derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from workflow import clock, outbox
from workflow.db import db, new_id
from workflow.errors import Moved
from workflow.record import queries
from workflow.record.models import Chain, Event, SealedText, SubjectKey
from workflow.record.rules import GENESIS, canonical, link
from workflow.storage import new_key, seal

_HEAD = select(Chain).where(Chain.id == bindparam("chain")).with_for_update().execution_options(populate_existing=True)


@dataclass(frozen=True)
class NewFact:
    """Something to append. `data` holds ids, codes, times and hashes; never a name, an answer or a free text."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    actor: dict[str, Any] = field(default_factory=dict)
    schema: int = 1


def append(chain: str, subject: str, expected: int, new: Sequence[NewFact]) -> list[queries.Fact]:
    """Append `new` after version `expected` of `subject`, in this transaction; write the outbox rows they call for.

    Raises Moved when the subject has gone on meanwhile. The chain's head is locked here, last.
    """
    if not new:
        return []
    if queries.version_of(subject) != expected:
        raise Moved()
    return _append(chain, subject, expected, new)


def _append(chain: str, subject: str, expected: int, new: Sequence[NewFact]) -> list[queries.Fact]:
    return _write(chain, [(subject, expected + offset, fact) for offset, fact in enumerate(new, start=1)])


def _write(chain: str, new: Sequence[tuple[str, int, NewFact]]) -> list[queries.Fact]:
    """Facts with their subjects and versions, in order, at the end of the chain."""
    head = _lock(chain)
    at = clock.now()
    rows = []
    for subject, version, fact in new:
        seq = head.head_seq + 1
        body = canonical(
            {
                "chain": chain,
                "seq": seq,
                "subject": subject,
                "version": version,
                "kind": fact.kind,
                "schema": fact.schema,
                "at": at.isoformat(),
                "actor": fact.actor,
                "data": fact.data,
            }
        )
        row = Event(
            chain=chain,
            seq=seq,
            subject=subject,
            version=version,
            kind=fact.kind,
            at=at,
            body=body,
            previous=head.head_hash,
            hash=link(seq, head.head_hash, body),
        )
        rows.append(row)
        head.head_seq, head.head_hash = seq, row.hash
    db.session.add_all(rows)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Moved() from clash
    written = [queries.fact_of(row) for row in rows]
    for fact in written:
        _react(fact)
    return written


def note(chain: str, subject: str, kind: str, actor: dict[str, Any], **data: Any) -> queries.Fact:
    """Append one fact about an ordinary row (a household, a person), whatever its version."""
    return _append(chain, subject, queries.version_of(subject), [NewFact(kind, data, actor)])[0]


def note_each(chain: str, kind: str, actor: dict[str, Any], told: Mapping[str, dict[str, Any]]) -> None:
    """Append one fact about each of many ordinary rows at once ({subject: data}), each at its own next version."""
    if not told:
        return
    versions = queries.versions_of(list(told))
    _write(chain, [(name, versions.get(name, 0) + 1, NewFact(kind, data, actor)) for name, data in told.items()])


def _lock(chain: str) -> Chain:
    """The head of `chain`, locked; made when it does not exist yet."""
    head = _locked(chain)
    if head is None:
        insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
        first = insert(Chain).values(id=chain, head_seq=0, head_hash=GENESIS)
        db.session.execute(first.on_conflict_do_nothing(index_elements=["id"]))
        head = _locked(chain)
    return head


def _locked(chain: str) -> Chain | None:
    return db.session.scalar(_HEAD, {"chain": chain})


# -- reactions: registered by the application at start ------------------------------------------------------------

_reactions: dict[str, tuple[str, ...]] = {}


def register_reactions(table: dict[str, tuple[str, ...]]) -> None:
    """Which jobs follow which kind of fact. Handed in at start, so that the record imports nobody above it."""
    _reactions.clear()
    _reactions.update(table)


def _react(fact: queries.Fact) -> None:
    for job in _reactions.get(fact.kind, ()):
        outbox.add(job, subject=fact.subject, key=f"{job}:{fact.subject}:{fact.version}", version=fact.version)


# -- texts and keys -----------------------------------------------------------------------------------------------


def key_for(subject: str) -> bytes:
    """The data key of `subject`, made now when it has none."""
    key = queries.key_of(subject)
    if key is None:
        key = new_key()
        wrapped = seal(current_app.config["RELAIS"].master_key, key, f"key:{subject}")
        db.session.add(SubjectKey(subject=subject, wrapped=wrapped, made_at=clock.now()))
        db.session.flush()
    return key


def keep_text(subject: str, words: str) -> str:
    """Seal a free text under the key of `subject`; returns the id that events may name. Empty words give ''."""
    if not words.strip():
        return ""
    row_id = new_id()
    sealed = seal(key_for(subject), words.strip().encode(), f"text:{row_id}")
    db.session.add(SealedText(id=row_id, subject=subject, sealed=sealed, at=clock.now()))
    db.session.flush()
    return row_id


def drop_text(text_id: str) -> None:
    """Take a sealed text out for good, alone: facts that name it find nothing."""
    if text_id:
        db.session.execute(delete(SealedText).where(SealedText.id == text_id))


def forget(subject: str) -> None:
    """Erase what was sealed under the key of `subject`; the chain stays whole."""
    db.session.execute(delete(SubjectKey).where(SubjectKey.subject == subject))


# -- projections --------------------------------------------------------------------------------------------------

Rebuilder = Callable[[], int]
_rebuilders: dict[str, Rebuilder] = {}


def register_projection(name: str, rebuild: Rebuilder) -> None:
    """`rebuild` empties a projection, folds the record again, and answers how many rows it made."""
    _rebuilders[name] = rebuild


def rebuild() -> dict[str, int]:
    """Make every projection anew from the record."""
    return {name: again() for name, again in _rebuilders.items()}

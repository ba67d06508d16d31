"""Write the record: append facts, keep texts, rebuild what is derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from workflow import clock, outbox
from workflow.db import db, new_id
from workflow.errors import Moved, Refused
from workflow.record import queries
from workflow.record.models import GONE, Chain, Event, SealedText, SubjectKey
from workflow.record.rules import GENESIS, canonical, link
from workflow.storage import new_key, seal

_REACHED = select(func.max(Event.version)).where(Event.subject == bindparam("subject")).scalar_subquery()
_HEAD = (
    select(Chain.head_seq, Chain.head_hash, _REACHED.label("reached"))
    .where(Chain.id == bindparam("chain"))
    .with_for_update(of=Chain)
)
_MOVE = update(Chain.__table__).where(Chain.__table__.c.id == bindparam("chain"))
_INSERT = insert(Event.__table__)
# Plain rows: nothing of the record is ever held by the session, and every decision writes here.


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
    db.session.flush()
    head = _lock(chain, subject)
    if head.reached != expected:
        raise Moved()
    return _write(chain, head, [(subject, expected + rank, fact) for rank, fact in enumerate(new, start=1)])


def note(chain: str, subject: str, kind: str, actor: dict[str, Any], **data: Any) -> queries.Fact:
    """Append one fact about an ordinary row (a household, a person), whatever its version."""
    db.session.flush()
    head = _lock(chain, subject)
    return _write(chain, head, [(subject, head.reached + 1, NewFact(kind, data, actor))])[0]


def note_each(chain: str, kind: str, actor: dict[str, Any], told: Mapping[str, dict[str, Any]]) -> None:
    """Append one fact about each of many ordinary rows at once ({subject: data}), each at its own next version."""
    if not told:
        return
    db.session.flush()
    head, versions = _lock(chain, ""), queries.versions_of(list(told))
    _write(chain, head, [(name, versions.get(name, 0) + 1, NewFact(kind, data, actor)) for name, data in told.items()])


class _Head(NamedTuple):
    """The end of a chain, locked, and how many facts are known of the subject asked about."""

    seq: int
    hash: str
    reached: int


def _lock(chain: str, subject: str) -> _Head:
    """The head of `chain`; made when it does not exist yet."""
    head = _locked(chain, subject)
    if head is None:
        build = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
        first = build(Chain).values(id=chain, head_seq=0, head_hash=GENESIS)
        db.session.execute(first.on_conflict_do_nothing(index_elements=["id"]))
        head = _locked(chain, subject)
    return head


def _locked(chain: str, subject: str) -> _Head | None:
    row = db.session.execute(_HEAD, {"chain": chain, "subject": subject}).first()
    return _Head(row.head_seq, row.head_hash, row.reached or 0) if row else None


def _write(chain: str, head: _Head, new: Sequence[tuple[str, int, NewFact]]) -> list[queries.Fact]:
    """Facts with their subjects and versions, in order, at the end of the chain."""
    at, rows, written = clock.now(), [], []
    seq, last = head.seq, head.hash
    for subject, version, fact in new:
        seq += 1
        written.append(queries.Fact(chain, seq, subject, version, fact.kind, at, fact.actor, fact.data, fact.schema))
        rows.append(_row(written[-1], last))
        last = rows[-1]["hash"]
    try:
        db.session.execute(_INSERT, rows)
    except IntegrityError as clash:
        raise Moved() from clash
    db.session.execute(_MOVE, {"chain": chain, "head_seq": seq, "head_hash": last})
    outbox.add_new(_reactions_to(written))
    return written


def _row(fact: queries.Fact, previous: str) -> dict[str, Any]:
    """The columns of an Event, in the place its fact says."""
    told = {name: getattr(fact, name) for name in ("chain", "seq", "subject", "version", "kind")}
    more = {"schema": fact.schema, "at": fact.at.isoformat(), "actor": fact.actor, "data": fact.data}
    body = canonical(told | more)
    return told | {"at": fact.at, "body": body, "previous": previous, "hash": link(fact.seq, previous, body)}


# -- reactions: registered by the application at start ------------------------------------------------------------

_reactions: dict[str, tuple[str, ...]] = {}


def register_reactions(table: dict[str, tuple[str, ...]]) -> None:
    """Which jobs follow which kind of fact. Handed in at start, so that the record imports nobody above it."""
    _reactions.clear()
    _reactions.update(table)


def _reactions_to(facts: Iterable[queries.Fact]) -> list[outbox.New]:
    return [
        outbox.New(job, fact.subject, f"{job}:{fact.subject}:{fact.version}", fact.version)
        for fact in facts
        for job in _reactions.get(fact.kind, ())
    ]


# -- texts and keys -----------------------------------------------------------------------------------------------


def key_for(subject: str) -> bytes:
    """The data key of `subject`, made now when it never had one. Raises Refused once it was erased."""
    key = queries.key_of(subject)
    if key is None:
        if db.session.get(SubjectKey, subject) is not None:
            raise Refused("erased", "What belonged here has been erased: nothing can be added to it.")
        key = new_key()
        keep_key(subject, key)
    return key


def keep_key(subject: str, key: bytes) -> None:
    """Keep a key under which something was sealed before its subject was written down; it has none yet."""
    wrapped = seal(current_app.config["RELAIS"].master_key, key, f"key:{subject}")
    db.session.add(SubjectKey(subject=subject, wrapped=wrapped, made_at=clock.now()))
    db.session.flush()


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
    """Erase what was sealed under the key of `subject`; the chain stays whole.

    Its place stays taken by nothing: what comes late (a page left open, a job) must not begin a new key.
    """
    row = db.session.get(SubjectKey, subject) or SubjectKey(subject=subject, made_at=clock.now())
    row.wrapped = GONE
    db.session.add(row)
    db.session.flush()
    for follow in _followers:
        follow(subject)


_followers: list[Callable[[str], None]] = []


def register_forgetting(follow: Callable[[str], None]) -> None:
    """Whoever keeps something about a subject under a key of its own is told when that of the subject is erased."""
    if follow not in _followers:
        _followers.append(follow)


# -- projections --------------------------------------------------------------------------------------------------

Rebuilder = Callable[[], int]
_rebuilders: dict[str, Rebuilder] = {}


def register_projection(name: str, rebuild: Rebuilder) -> None:
    """`rebuild` empties a projection, folds the record again, and answers how many rows it made."""
    _rebuilders[name] = rebuild


def rebuild() -> dict[str, int]:
    """Make every projection anew from the record."""
    return {name: again() for name, again in _rebuilders.items()}

"""States that were folded before: of a long history only what is new is read again.

A process keeps those it folded; what other processes folded is kept in the database (actions.keeping). What is kept is
true of one version of one subject and is used only while the record shows the same seal there, so that it does not
matter who wrote meanwhile, or that a transaction was given up.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import and_, bindparam, select

from workflow.approvals.models import KeptState
from workflow.catalogue.queries import Published
from workflow.circuit import events as e
from workflow.circuit import snapshot
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.db import db, prepared
from workflow.record.models import Event
from workflow.record.queries import facts, seal_at

LONG = 40  # events; a shorter history is read faster than its seal is compared
TURN = 20  # events after which what the database keeps is written anew
MOST = 256  # subjects

_ASKED = {name: bindparam(name) for name in ("subject", "procedure", "mark")}
_TRUE = and_(Event.subject == KeptState.subject, Event.version == KeptState.version, Event.hash == KeptState.seal)
_MINE = and_(*(getattr(KeptState, name) == asked for name, asked in _ASKED.items()))
_STORED = prepared(select(KeptState.state, KeptState.seal).join(Event, _TRUE).where(_MINE))
_REACHED = prepared(select(KeptState.version).join(Event, _TRUE).where(_MINE))


@dataclass(frozen=True)
class Kept:
    """A state, the procedure it was folded with, and the seal of its last event."""

    state: State
    procedure: str
    seal: str


class Shelf:
    """The subjects decided on last; safe for several threads."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self._kept, self._lock = most, OrderedDict[str, Kept](), Lock()

    def take(self, subject: str, procedure: str) -> Kept | None:
        with self._lock:
            found = self._kept.get(subject)
        return found if found and found.procedure == procedure else None

    def put(self, subject: str, kept: Kept) -> None:
        with self._lock:
            self._kept[subject] = kept
            self._kept.move_to_end(subject)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)


_SHELF = Shelf()


def continued(subject: str, published: Published, reached: int) -> State | None:
    """The state of a subject from what is kept of it and what happened since; None when nothing kept holds.

    `reached`: how many events it has, as its course says; of a short one nothing is kept.
    """
    kept = _known(subject, published, reached)
    if kept is None:
        return None
    since = [e.from_dict(fact.data) for fact in facts(subject, after=kept.state.version)]
    if any(isinstance(event, e.VersionChanged) for event in since):
        return None
    state = fold(published.circuit, since, kept.state) if since else kept.state
    return keep(subject, published, state) if len(since) >= LONG else state


def _known(subject: str, published: Published, reached: int) -> Kept | None:
    """What this process keeps, or else what the database does; both as long as the record says the same."""
    kept = _SHELF.take(subject, published.hash)
    if kept is not None and seal_at(subject, kept.state.version) == kept.seal:
        return kept
    kept = stored(subject, published) if reached >= LONG else None
    if kept is not None:
        _SHELF.put(subject, kept)
    return kept


def keep(subject: str, published: Published, state: State) -> State:
    """Remember a long history for the next time."""
    if state.version >= LONG and (seal := seal_at(subject, state.version)):
        _SHELF.put(subject, Kept(state, published.hash, seal))
    return state


# -- in the database ----------------------------------------------------------------------------------------------


def stored(subject: str, published: Published) -> Kept | None:
    """What the database keeps of a subject; None where procedure, code or record are others now."""
    row = db.session.execute(_STORED, _asked(subject, published)).first()
    return Kept(snapshot.state_of(row.state), published.hash, row.seal) if row else None


def stored_version(subject: str, published: Published) -> int:
    """The version of what `stored` would answer; 0 where that is nothing."""
    return db.session.scalar(_REACHED, _asked(subject, published)) or 0


def _asked(subject: str, published: Published) -> dict[str, str]:
    return {"subject": subject, "procedure": published.hash, "mark": snapshot.MARK}

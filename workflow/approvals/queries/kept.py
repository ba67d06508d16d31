"""States that this process has folded before: of a long history only what is new is read again.

What is kept is true of one version of one subject and is used only while the record shows the same seal there, so that
it does not matter who wrote meanwhile, or that a transaction was given up.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from workflow.catalogue.queries import Published
from workflow.circuit import events as e
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.record.queries import facts, seal_at

LONG = 40  # events; a shorter history is read faster than its seal is compared
MOST = 256  # subjects


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


def continued(subject: str, published: Published) -> State | None:
    """The state of a subject from what is kept of it and what happened since; None when nothing kept holds."""
    kept = _SHELF.take(subject, published.hash)
    if kept is None or seal_at(subject, kept.state.version) != kept.seal:
        return None
    since = [e.from_dict(fact.data) for fact in facts(subject, after=kept.state.version)]
    if any(isinstance(event, e.VersionChanged) for event in since):
        return None
    state = fold(published.circuit, since, kept.state) if since else kept.state
    return keep(subject, published, state) if len(since) >= LONG else state


def keep(subject: str, published: Published, state: State) -> State:
    """Remember a long history for the next time."""
    if state.version >= LONG and (seal := seal_at(subject, state.version)):
        _SHELF.put(subject, Kept(state, published.hash, seal))
    return state

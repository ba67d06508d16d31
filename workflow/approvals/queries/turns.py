"""The course of a subject cut into turns: one act, or one thing that time brought about, with all that followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflow.catalogue.queries import Published, version
from workflow.circuit import events as e
from workflow.circuit.model import Circuit
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.record.queries import Fact

BY_ITSELF = frozenset(("Reminded", "StepOverdue", "Escalated", "TacitlyDecided", "VersionChanged"))
"""What nobody need have done, each told by itself."""


@dataclass(frozen=True)
class Turn:
    """head: what was done or came about; follows: what that led to. State before and after; the circuit it ran on."""

    head: Fact
    follows: tuple[Fact, ...]
    circuit: Circuit
    before: State
    after: State


def turns(published: Published, known: Iterable[Fact]) -> Iterator[Turn]:
    """The turns of a course, the oldest first. `published` is the version it is on now."""
    grouped = [(facts, [e.from_dict(fact.data) for fact in facts]) for facts in _grouped(known)]
    changes = [event for _facts, events in grouped for event in events if isinstance(event, e.VersionChanged)]
    circuits = [version(change.before).circuit for change in changes] + [published.circuit]
    state = State()
    for facts, events in grouped:
        if isinstance(events[0], e.VersionChanged):
            circuits.pop(0)
        after = fold(circuits[0], events, state)
        yield Turn(facts[0], tuple(facts[1:]), circuits[0], state, after)
        state = after


def _grouped(known: Iterable[Fact]) -> list[list[Fact]]:
    groups: list[list[Fact]] = []
    for fact in known:
        if not groups or fact.actor or fact.kind in BY_ITSELF or fact.data["at"] != groups[-1][0].data["at"]:
            groups.append([])
        groups[-1].append(fact)
    return groups

"""The course of a room, worked out from the list of who signs: a stage for each rank, a step for each signature."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from workflow.circuit.model import Circuit, Escalation, Kind, OnRefusal, Rule, Stage, Step, Who

ROLE = "signatory"
"""What everybody who signs is, whatever they hold elsewhere."""
MOST_RANKS, MOST_PLACES = 20, 40
NAME = "signing"
_LABEL = {"fr": "Signer", "en": "Sign"}
RUNS = ("chef_de_projet",)
"""Roles that run every room of their operation."""
_RUN_BY = Who(role=RUNS)
_LATE = 2  # working days after which whoever opened the room is told that a rank is late


@dataclass(frozen=True)
class Asked:
    """One signatory as the course knows them. group: "" or the name that those who may replace each other share;
    needed: how many of a group are enough.
    """

    id: str
    rank: int
    group: str = ""
    needed: int = 1


def steps_of(everybody: Iterable[Asked]) -> list[tuple[str, tuple[Asked, ...]]]:
    """(step, who signs there), rank by rank; ranks are numbered anew from 1, whatever numbers they had."""
    found: list[tuple[str, tuple[Asked, ...]]] = []
    ranked = sorted(everybody, key=lambda one: one.rank)
    for number, (_rank, of_rank) in enumerate(groupby(ranked, key=lambda one: one.rank), start=1):
        found += [(f"rank-{number}-{place}", some) for place, some in enumerate(_together(list(of_rank)), start=1)]
    return found


def _together(of_rank: Sequence[Asked]) -> list[tuple[Asked, ...]]:
    """Those of one group stand where its first one does."""
    found: dict[str, list[Asked]] = {}
    for one in of_rank:
        found.setdefault(f"group {one.group}" if one.group else f"alone {one.id}", []).append(one)
    return [tuple(some) for some in found.values()]


def rank_of(step: str) -> int:
    return int(step.split("-")[1])


def course(everybody: Sequence[Asked], delay: int) -> Circuit:
    """The circuit of a room; delay: working days for each rank, 0 for none. A refusal ends it."""
    steps = steps_of(everybody)
    stages = tuple(
        Stage(
            f"rank-{rank}", {"fr": f"Rang {rank}", "en": f"Rank {rank}"}, tuple(_step(*one, delay) for one in of_rank)
        )
        for rank, of_rank in groupby(steps, key=lambda one: rank_of(one[0]))
    )
    return Circuit(NAME, _LABEL, stages, _hash(steps, delay), managed_by=_RUN_BY)


def _step(step: str, some: Sequence[Asked], delay: int) -> Step:
    grouped = bool(some[0].group)
    return Step(
        step,
        _LABEL,
        Kind.SIGNATURE,
        Who(role=(ROLE,)),
        rule=Rule("count", min(some[0].needed, len(some))) if grouped else Rule("all"),
        delay=delay or None,
        reminders=_reminders(delay),
        escalation=Escalation(_LATE, _RUN_BY) if delay else None,
        send_back=(),
        on_refusal=OnRefusal(),
    )


def _reminders(delay: int) -> tuple[int, ...]:
    """Half-way, and the working day before the last."""
    return tuple(sorted({-max(delay // 2, 1), -1})) if delay > 1 else ()


def _hash(steps: Sequence[tuple[str, Sequence[Asked]]], delay: int) -> str:
    told = [[step, [[one.id, one.group, one.needed] for one in some]] for step, some in steps]
    return hashlib.sha256(json.dumps([told, delay]).encode()).hexdigest()


def generic() -> Circuit:
    """Every step a room may have, for lists that speak of several rooms at once."""
    stages = tuple(
        Stage(f"rank-{rank}", _LABEL, tuple(_bare(f"rank-{rank}-{place}") for place in range(1, MOST_PLACES + 1)))
        for rank in range(1, MOST_RANKS + 1)
    )
    return Circuit(NAME, _LABEL, stages, NAME, managed_by=_RUN_BY)


def _bare(step: str) -> Step:
    return Step(step, _LABEL, Kind.SIGNATURE, Who(role=(ROLE,)))

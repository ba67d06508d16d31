"""A decision judged before its turn to write has come, so that nobody waits while it is thought about.

What it was judged on is looked at again once the subject is locked. When it has moved, or the judgement was not a plain
yes, the decision is judged once more in its turn: a refusal always comes from there.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.actions.deciding import fitting_first, recorded
from workflow.approvals.actions.projecting import Rows, project, rows_of
from workflow.approvals.queries import Standing
from workflow.circuit import events as e
from workflow.circuit.commands import Command
from workflow.circuit.decide import Refusal, decide
from workflow.circuit.standing import State
from workflow.circuit.state import fold


@dataclass(frozen=True)
class Ahead:
    """A decision that was judged before its turn to write came, and what follows from it."""

    known: Standing
    new: list[e.Event]
    after: State
    rows: Rows


def judged_ahead(identity: Identity, subject: str, command: Command, shown_version: int) -> Ahead | None:
    """Judge a decision while others write; None when it is not simply accepted, and is judged in its turn then."""
    known = queries.standing(subject)
    if shown_version > known.course.version:
        return None
    for actor in fitting_first(known, command, queries.actors(identity, known)):
        new = decide(known.published.circuit, known.state, command, actor, known.context)
        if not isinstance(new, Refusal):
            after = Standing(known.course, known.published, fold(known.published.circuit, new, known.state))
            return Ahead(known, new, after.state, rows_of(after, known.context, known.state))
    return None


def in_its_turn(judged: Ahead) -> Standing | None:
    """The subject, locked, when it stands as it was judged; None when it has moved since."""
    row, before = queries.course(judged.known.subject, lock=True), judged.known
    if (row.version, row.procedure) != (before.state.version, before.published.hash):
        return None
    return Standing(row, before.published, before.state)


def write_judged(known: Standing, judged: Ahead) -> Standing:
    """Write what was judged ahead. `known`: from `in_its_turn`."""
    after = Standing(known.course, known.published, judged.after)
    project(after, rows=judged.rows)
    return recorded(known, after, judged.new)

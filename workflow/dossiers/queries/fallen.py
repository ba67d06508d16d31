"""Decisions after a correction: which fell, which still count, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.approvals.queries.turns import Turn, turns
from workflow.catalogue.queries import version
from workflow.circuit.model import Circuit, Kind
from workflow.circuit.standing import Vote
from workflow.dossiers.models import Dossier
from workflow.record.queries import Fact, facts

Place = tuple[str, str]
"""(person, step)."""


def turn_of(row: Dossier, fact: Fact) -> Turn:
    """The turn to which a fact of this dossier belongs."""
    told = turns(version(row.procedure), facts(row.subject))
    return next(turn for turn in told if fact.version in {turn.head.version, *(one.version for one in turn.follows)})


def fallen_in(turn: Turn) -> list[Place]:
    """Whose decisions fell in a turn, and at which steps: who is away and who decided for them are both concerned."""
    found = []
    for fact in turn.follows:
        if fact.kind != "VoteFell" or _fills(turn.circuit, fact.data["step"]):
            continue
        voice = (fact.data["person"], fact.data["role"], fact.data.get("organisation"))
        gone = [vote for vote in turn.before.votes_at(fact.data["step"]) if tuple(vote.voice) == voice]
        people = {fact.data["person"], *(vote.by.person for vote in gone)}
        found += [(person, fact.data["step"]) for person in sorted(people) if not _is_household(person)]
    return found


def opened_in(turn: Turn) -> set[str]:
    """Steps that a turn opened."""
    entered = (fact for fact in turn.follows if fact.kind == "StageEntered")
    return {opening["step"] for fact in entered for opening in fact.data["opened"]}


def kept_after(turn: Turn) -> list[Place]:
    """Once a corrected form is handed on: whose earlier decisions, at the steps that follow, still count."""
    if turn.head.kind != "Submitted" or turn.after.round < 2 or turn.after.closed:
        return []
    here = turn.circuit.author_stage or 0
    later = [step for stage in turn.circuit.stages[here + 1 :] for step in stage.steps if step.kind is not Kind.FILL]
    votes = [(step.id, vote) for step in later for vote in turn.after.votes_at(step.id)]
    return [(person, step) for step, vote in votes for person in sorted(_whose(vote)) if not _is_household(person)]


def _whose(vote: Vote) -> set[str]:
    return {vote.voice.person, vote.by.person}


def is_last(turn: Turn, fact: Fact, kinds: Iterable[str]) -> bool:
    """Whether a fact is the last of these kinds in its turn: news told once for the whole of it hang on that one."""
    same = [one.version for one in turn.follows if one.kind in set(kinds)]
    return bool(same) and fact.version == same[-1]


def _fills(circuit: Circuit, step_id: str) -> bool:
    return circuit.step(step_id).kind is Kind.FILL


def _is_household(person: str) -> bool:
    return person.startswith("household:")

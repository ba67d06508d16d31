"""Counting voices: what the votes at a step amount to under its rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from workflow.circuit.events import Voice
from workflow.circuit.model import Kind, Step
from workflow.circuit.standing import Vote

AGAINST = "refused"
_WELL = {Kind.FILL: "given", Kind.OPINION: "given", Kind.SIGNATURE: "signed"}


@dataclass(frozen=True)
class Count:
    """favourable and against: voices heard; needed: favourable ones the rule asks; of: voices there are."""

    favourable: int
    against: int
    needed: int
    of: int
    vetoed: bool = False


def unit(step: Step, voice: Voice) -> str:
    """What counts once: the organisation when the rule says so (a person without one speaks alone), else the person."""
    if step.rule.kind == "per_organisation" and voice.organisation is not None:
        return f"organisation:{voice.organisation}"
    return f"person:{voice.person}"


def count(step: Step, votes: Iterable[Vote], seats: Iterable[Voice]) -> Count:
    """The first voice of each unit counts; a voice given stays counted when its seat has gone since."""
    first: dict[str, Vote] = {}
    for vote in votes:
        first.setdefault(unit(step, vote.voice), vote)
    against = [vote for vote in first.values() if vote.position == AGAINST]
    of = len(first.keys() | {unit(step, voice) for voice in seats})
    vetoed = any(vote.voice.organisation in step.rule.veto for vote in against)
    return Count(len(first) - len(against), len(against), _needed(step, of), of, vetoed)


def outcome(step: Step, votes: Iterable[Vote], seats: Iterable[Voice]) -> str | None:
    """approved | given | signed, refused, or None while open. A refusal needs at least one voice against.

    The step is refused as soon as the voices that are left cannot reach what the rule asks: it never merely finishes.
    """
    counted = count(step, votes, seats)
    if counted.vetoed:
        return "refused"
    if counted.favourable >= counted.needed:
        return _WELL.get(step.kind, "approved")
    if counted.against > max(counted.of, counted.needed) - counted.needed or (counted.against and _first_decides(step)):
        return "refused"
    return None


def _first_decides(step: Step) -> bool:
    return step.rule.kind == "any"


def _needed(step: Step, of: int) -> int:
    rule = step.rule
    if rule.kind == "any":
        return 1
    if rule.kind == "percent":
        return max(1, ceil(Fraction(of * (rule.needed or 1), 100)))
    if rule.kind == "all" or rule.needed is None:
        return max(1, of)
    return rule.needed

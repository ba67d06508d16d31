"""Counting voices: what the votes at a step amount to under its rule."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from workflow.circuit.events import Voice
from workflow.circuit.model import RETURNING, Kind, Step
from workflow.circuit.standing import Vote

AGAINST = "refused"
_WELL = {Kind.FILL: "given", Kind.OPINION: "given", Kind.SIGNATURE: "signed"}


@dataclass(frozen=True)
class Count:
    """favourable and against: voices heard; needed: favourable ones the rule asks, under a quorum voices heard at all;
    of: voices there are. waited_for: organisations with a veto that may still speak and have not.
    """

    favourable: int
    against: int
    needed: int
    of: int
    vetoed: bool = False
    waited_for: frozenset[str] = frozenset()

    @property
    def heard(self) -> int:
        return self.favourable + self.against

    @property
    def left(self) -> int:
        return self.of - self.heard


def unit(step: Step, voice: Voice) -> str:
    """What counts once: the organisation when the rule says so (a person without one speaks alone), else the person."""
    if step.rule.kind == "per_organisation" and voice.organisation is not None:
        return f"organisation:{voice.organisation}"
    return f"person:{voice.person}"


def count(step: Step, votes: Iterable[Vote], seats: Collection[Voice]) -> Count:
    """The first voice of each unit counts; a voice given stays counted when its seat has gone since."""
    first: dict[str, Vote] = {}
    for vote in votes:
        first.setdefault(unit(step, vote.voice), vote)
    against = [vote for vote in first.values() if vote.position == AGAINST]
    of = len(first.keys() | {unit(step, voice) for voice in seats})
    vetoed = any(vote.voice.organisation in step.rule.veto for vote in against)
    silent = {voice.organisation for voice in seats} - {vote.voice.organisation for vote in first.values()}
    waited_for = frozenset(name for name in step.rule.veto if name in silent)
    return Count(len(first) - len(against), len(against), _needed(step, of), of, vetoed, waited_for)


def outcome(
    step: Step, votes: Iterable[Vote], seats: Collection[Voice], sitting: Collection[Voice] | None = None
) -> str | None:
    """approved | given | signed, refused, or None while open. A refusal needs at least one voice against.

    The step is refused as soon as the voices that are left cannot reach what the rule asks: it never merely finishes.
    Nothing is agreed while an organisation with a veto may still speak.
    sitting: voices that are there, when the step was put to a meeting; see `_by_quorum`. A veto that is there and not
    used is waited for no more, one that is not there may come from its desk.
    """
    votes = tuple(votes)
    counted = count(step, votes, seats)
    if counted.vetoed:
        return "refused"
    waits = may_say_no(step) and not counted.waited_for <= {voice.organisation for voice in sitting or ()}
    if step.rule.quorum is not None:
        reached = _by_quorum(step, counted, None if sitting is None else count(step, votes, sitting))
        return None if waits and reached == _well(step) else reached
    if counted.favourable >= counted.needed:
        return None if waits else _well(step)
    if counted.against > max(counted.of, counted.needed) - counted.needed or (counted.against and _first_decides(step)):
        return "refused"
    return None


def _by_quorum(step: Step, counted: Count, sitting: Count | None) -> str | None:
    """Enough organisations were heard, and none that is left could change it: more for than against, a tie is a no.

    In a meeting those who are there and say nothing abstain: they count for the quorum only, and nobody who is not
    there is waited for, a veto excepted. Where nobody may say no, to be heard is enough. That everybody disagrees
    needs no quorum.
    """
    if counted.against and counted.against == counted.of:
        return "refused"
    if (sitting.of if sitting else counted.heard) < counted.needed:
        return None
    if not may_say_no(step):
        return _well(step)
    left = 0 if sitting else counted.left
    ahead = counted.favourable - counted.against
    if ahead > left:
        return _well(step)
    return "refused" if ahead + left <= 0 else None


def may_say_no(step: Step) -> bool:
    """Whether a voice at this step can be against."""
    return step.kind in RETURNING and step.on_refusal.possible


def _well(step: Step) -> str:
    return _WELL.get(step.kind, "approved")


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

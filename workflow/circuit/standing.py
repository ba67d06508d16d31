"""Where a dossier stands: one phase plus facts, computed from its events and from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from workflow.circuit.events import By, Voice

STOPPED = frozenset({"withdrawn", "cancelled"})
CLOSED = STOPPED | {"approved", "refused"}
WELL = frozenset({"approved", "given", "signed", "informed"})
"""Outcomes with which a step lets its stage pass."""


@dataclass(frozen=True)
class Vote:
    """One voice at one step. position: submitted, approved, reserved, refused, signed, or the opinion given."""

    voice: Voice
    position: str
    by: By
    at: datetime
    round: int
    shown_hash: str | None
    section_hashes: Mapping[str, str]
    reason_ref: str | None = None


@dataclass(frozen=True)
class OpenStep:
    """A step that waits. reminded: how many of the planned reminders were sent; escalated: whoever is named for it
    was told; stuck: that it can come to no good end was told.
    """

    id: str
    since: datetime
    due: datetime | None = None
    reminders: tuple[datetime, ...] = ()
    escalate_at: datetime | None = None
    reminded: int = 0
    overdue: bool = False
    escalated: bool = False
    stuck: bool = False


@dataclass(frozen=True)
class Advice:
    """A second opinion asked of a person at a step. opinion: None while it is awaited; it lapses with the step."""

    step: str
    person: str
    by: By
    at: datetime
    round: int
    text_ref: str
    opinion: str | None = None
    reason_ref: str | None = None
    given_by: By | None = None
    given_at: datetime | None = None


@dataclass(frozen=True)
class Correction:
    """What was sent back: from which step (None: a closed dossier was reopened), by whom (None: by silence), for which
    round, on which sections, why.

    to: stage id; None for the moment between a refusal and the stage it leads to. No sections: the whole form.
    """

    step: str | None
    by: By | None
    at: datetime
    to: str | None
    round: int
    sections: tuple[str, ...] = ()
    reason_ref: str | None = None


@dataclass(frozen=True)
class Look:
    """What somebody had before them when they last decided at a step."""

    at: datetime
    round: int
    shown_hash: str | None
    section_hashes: Mapping[str, str]


class Fallen(NamedTuple):
    """A vote that no longer counts, and why (see VoteFell). A long course has many of them."""

    step: str
    voice: Voice
    round: int
    because: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """phase: new | open | approved | refused | withdrawn | cancelled. version: number of events folded.

    stage: rank of the present stage. outcomes: step → how it ended in this pass. acted: step → persons who ever decided
    there. looked: step → what each voice last decided on. seats: step → seats passed on (voice, to person).
    fallen: votes that no longer count. before: what taking back the last act restores.
    decided_at: when it last ended approved or refused; refreshed_at: when it was last taken up again. refilling: step →
    seats of those who took it up. advice: second opinions, given or awaited. carried: step → the voices with which it
    last ended well.
    """

    phase: str = "new"
    version: int = 0
    circuit_hash: str | None = None
    author: str | None = None
    stage: int = 0
    round: int = 1
    open: Mapping[str, OpenStep] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, tuple[Vote, ...]] = field(default_factory=dict)
    acted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    looked: Mapping[str, Mapping[Voice, Look]] = field(default_factory=dict)
    seats: Mapping[str, tuple[tuple[Voice, str], ...]] = field(default_factory=dict)
    correction: Correction | None = None
    fallen: tuple[Fallen, ...] = ()
    last_act: By | None = None
    before: "State | None" = None
    changed_at: datetime | None = None
    decided_at: datetime | None = None
    refreshed_at: datetime | None = None
    refilling: Mapping[str, frozenset[Voice]] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()
    carried: Mapping[str, frozenset[Voice]] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        return self.phase in CLOSED

    def votes_at(self, step: str) -> tuple[Vote, ...]:
        return self.votes.get(step, ())

    def awaited_advice(self, step: str, person: str) -> Advice | None:
        """What this person was asked at this step and has not answered yet."""
        asked = (one for one in self.advice if (one.step, one.person, one.opinion) == (step, person, None))
        return next(asked, None)


def released(state: State) -> bool:
    """Whether the final paper may leave: computed from the circuit's end, never a flag that somebody sets."""
    return state.phase == "approved"

"""Steps that can come to no good end any more, even if everybody who may still speak agreed: somebody is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.circuit.context import Context
from workflow.circuit.entitlement import voices
from workflow.circuit.events import By, Voice
from workflow.circuit.model import Circuit, Step
from workflow.circuit.standing import State, Vote
from workflow.circuit.voting import count, outcome, unit

MESSAGES: Mapping[str, str] = {
    "nobody": "Nobody may decide here at the moment. Whoever looks after the procedure can pass the step on to "
    "somebody else, have the role, the seat or its substitute filled, or annul the file.",
    "too_few": "The rule cannot be met here at the moment. People it asks for: %(needed)d; who have spoken for it: "
    "%(given)d; who can still speak: %(left)d. Whoever looks after the procedure can pass the step on to somebody "
    "else, have more roles, seats or substitutes filled, or annul the file.",
}
TOO_FEW_ORGANISATIONS = (
    "The rule cannot be met here at the moment. Organisations it asks for: %(needed)d; which have spoken: %(given)d; "
    "which can still speak: %(left)d. Whoever looks after the procedure can pass the step on to somebody else, have "
    "more roles, seats or substitutes filled, or annul the file."
)
"""A step counts organisations or people: what it needs, has and may still get is said in the same."""


@dataclass(frozen=True)
class DeadEnd:
    """code: nobody | too_few; message: its msgid, for params. needed: voices the rule asks for; given: those that count
    towards it; left: those that may still come. A voice is one person's, or one organisation's where the rule says so.
    """

    code: str
    message: str
    needed: int
    given: int
    left: int

    @property
    def params(self) -> Mapping[str, int]:
        return {"needed": self.needed, "given": self.given, "left": self.left}


def dead_end(circuit: Circuit, state: State, step: Step, context: Context) -> DeadEnd | None:
    """None as long as an open step would end if everybody who may still speak there agreed, or ends as it stands."""
    usable, votes = voices(circuit, state, step, context), state.votes_at(step.id)
    spoken = {unit(step, vote.voice) for vote in votes}
    left = sorted((seat for seat in usable if unit(step, seat) not in spoken), key=str)
    if outcome(step, (*votes, *(_agreeing(seat, state, context) for seat in left)), usable):
        return None
    counted, code = count(step, votes, usable), "too_few" if left else "nobody"
    given = counted.favourable if step.rule.quorum is None else counted.heard
    return DeadEnd(code, _message(step, code), counted.needed, given, len({unit(step, seat) for seat in left}))


def _message(step: Step, code: str) -> str:
    by_organisation = code == "too_few" and step.rule.kind == "per_organisation"
    return TOO_FEW_ORGANISATIONS if by_organisation else MESSAGES[code]


def _agreeing(seat: Voice, state: State, context: Context) -> Vote:
    return Vote(seat, "approved", By(*seat), context.now, state.round, None, {})

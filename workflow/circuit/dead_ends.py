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
    "too_few": "The rule cannot be met here at the moment. Voices it asks for: %(needed)d; given: %(given)d; people "
    "who can still speak: %(left)d. Whoever looks after the procedure can pass the step on to somebody else, have more "
    "roles, seats or substitutes filled, or annul the file.",
}


@dataclass(frozen=True)
class DeadEnd:
    """code: nobody | too_few; message: its msgid, for params. needed: voices the rule asks for; given: those that count
    towards it; left: persons who may still speak.
    """

    code: str
    message: str
    needed: int
    given: int
    left: tuple[str, ...]

    @property
    def params(self) -> Mapping[str, int]:
        return {"needed": self.needed, "given": self.given, "left": len(self.left)}


def dead_end(circuit: Circuit, state: State, step: Step, context: Context) -> DeadEnd | None:
    """None as long as an open step would end if everybody who may still speak there agreed."""
    usable, votes = voices(circuit, state, step, context), state.votes_at(step.id)
    spoken = {unit(step, vote.voice) for vote in votes}
    left = sorted((seat for seat in usable if unit(step, seat) not in spoken), key=str)
    if left and outcome(step, (*votes, *(_agreeing(seat, state, context) for seat in left)), usable):
        return None
    counted, code = count(step, votes, usable), "too_few" if left else "nobody"
    given = counted.favourable if step.rule.quorum is None else counted.heard
    return DeadEnd(code, MESSAGES[code], counted.needed, given, tuple(dict.fromkeys(seat.person for seat in left)))


def _agreeing(seat: Voice, state: State, context: Context) -> Vote:
    return Vote(seat, "approved", By(*seat), context.now, state.round, None, {})

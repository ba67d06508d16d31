"""Acting otherwise than from one's own account: entered in a sitting, or from a personal link. Neither lends anything
to another step.
"""

from workflow.circuit import commands as c
from workflow.circuit.context import Actor, Context
from workflow.circuit.model import Step
from workflow.circuit.refusals import Refusal, refuse

SITTING, LINK = "sitting:", "link:"
_IN_A_SITTING = (c.Submit, c.Approve, c.ApproveWithReservation, c.GiveOpinion, c.Sign, c.SendBack, c.Refuse)
_BY: dict[str, tuple[type[c.Command], ...]] = {
    SITTING: (*_IN_A_SITTING, c.TakeBack),
    LINK: (*_IN_A_SITTING, c.Advise),
}
"""What may be said each way. A secretary who mistook a line takes it back; a link is used once."""


def may_say_through(command: c.Command, actor: Actor) -> Refusal | None:
    """None when such a thing may be said that way, whoever it is."""
    if actor.through is None:
        return None
    said = next((kinds for way, kinds in _BY.items() if actor.through.startswith(way)), None)
    if said is None:
        return refuse("unknown_way")
    return None if isinstance(command, said) else refuse("only_asked")


def may_come_through(step: Step, actor: Actor, context: Context) -> Refusal | None:
    """None when this actor may be heard that way at this step. A sitting is entered by the secretary of its body for
    those who are there; a link speaks for the one person it was made for.
    """
    through = actor.through or ""
    if through.startswith(LINK):
        return None if is_linked(actor, context) else refuse("not_linked")
    if step.who.body is None:
        return refuse("not_of_body")
    if actor.recorded_by is None or not context.is_secretary(step.id, actor.recorded_by):
        return refuse("not_secretary")
    return None if context.is_present(through, step.id, actor.voice.person) else refuse("not_present")


def is_linked(actor: Actor, context: Context) -> bool:
    """Whether this link was made for this very person, and still holds."""
    own = actor.recorded_by is None and actor.on_behalf_of is None
    return own and context.linked(actor.through or "") == actor.person

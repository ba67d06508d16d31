"""Which refusals mean that somebody was faster; what may be done for several subjects at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflow.circuit.model import Kind
from workflow.circuit.refusals import Refusal

OVERTAKEN = frozenset(("not_open", "closed", "organisation_spoke", "already_decided", "moved"))
ROUTINE = frozenset(("Reminded", "StepOverdue", "Escalated", "StageEntered", "StepClosed", "Opened"))
"""Facts that follow by themselves: not what somebody did."""


def overtaken(code: str, shown_version: int, version: int) -> bool:
    """A refusal that would not have been one when the page was shown."""
    return code in OVERTAKEN and shown_version < version


def all_of_one(person: str, actors: Iterable[Mapping[str, Any]]) -> bool:
    """Whether everything somebody did, as its facts name who did it, was done by this one person."""
    acted = [{actor.get("person"), actor.get("recorded_by")} for actor in actors if actor.get("person")]
    return bool(acted) and all(person in who for who in acted)


NAMED, SIGNATORY = "named", "signatory"
"""Why somebody is asked by name whatever they hold, and the role of whoever signs a paper."""
IN_A_SITTING = "sitting:"
"""How a voice says that it was given in a sitting: this, then the id of the sitting."""
OPEN, OVER, DROPPED = "open", "closed", "dropped"
LONGEST = 2_000
"""Characters of a reason said in a sitting: one that is longer is refused, never cut."""
VOICES, SEND_BACK, ADJOURN = "voices", "send_back", "adjourn"
"""What is entered for a dossier: the position of each, or one thing for all who are there."""
WAITING = "waiting"
"""What a dossier comes to when the positions entered decide nothing yet."""
FAVOURABLE, RESERVED, UNFAVOURABLE, NONE = "favourable", "reserved", "unfavourable", "none"
POSITIONS = (FAVOURABLE, RESERVED, UNFAVOURABLE, NONE)
WITH_A_REASON = frozenset((RESERVED, UNFAVOURABLE, SEND_BACK))


# -- several at once

MOST = 200
"""Subjects of one batch."""

READ_FIRST = frozenset({Kind.FILL, Kind.SIGNATURE})
"""Kinds of steps that are done one by one, with the form before one's eyes."""

_SAID_YES = frozenset({Kind.VISA, Kind.APPROVAL})
MATERIAL: Mapping[str, frozenset[Kind]] = {
    "Approve": _SAID_YES,
    "ApproveWithReservation": _SAID_YES,
    "GiveOpinion": frozenset({Kind.OPINION}),
    "SendBack": _SAID_YES,
    "Refuse": _SAID_YES,
}
"""Decisions that may be taken for several at once, and at which kinds of steps."""

BESIDE = ("Remind", "Reassign")
"""What may be done for several at once without deciding."""

NOT_TOGETHER: Mapping[str, Refusal] = {
    one.code: one
    for one in (
        Refusal("read_first", "This has to be read first: it is done one by one, on its own page."),
        Refusal("other_kind", "This step asks for something else: open it to see what."),
        Refusal("not_asked", "%(person)s is not asked here."),
        Refusal("does_not_hold", "%(person)s does not hold the role this step asks for, in the same organisation."),
        Refusal("may_not_judge", "%(person)s worked on this file, and cannot judge it."),
        Refusal("changed", "The file has changed since the preview. Open it to see where it stands."),
        Refusal("yours", "You acted on this file yourself meanwhile."),
        Refusal("right_ended", "It was not done: your right to act here has ended."),
        Refusal("gone", "You no longer act for this file."),
        Refusal("failed", "This could not be done. The person who runs this server has been told."),
    )
}
"""Why something is not done for one subject among several, beside what the judgement itself says."""
POSITION: Mapping[str, str] = {
    FAVOURABLE: "favourable",
    RESERVED: "favourable with a reservation",
    UNFAVOURABLE: "unfavourable",
    NONE: "no position",
    "approved": "favourable",
    "refused": "unfavourable",
}
"""Positions as they are entered, and votes as a course keeps them."""
CARRIED: Mapping[str, tuple[str, str]] = {
    "approved": ("agreed in sitting", "done"),
    "refused": ("refused by the sitting", "refused"),
    "given": ("opinion given", "done"),
    "sent_back": ("sent back for correction", "waiting"),
    WAITING: ("no decision: goes on waiting", "waiting"),
    ADJOURN: ("adjourned", "closed"),
    "adjourned": ("adjourned", "closed"),
}
"""What a dossier came to, or would come to: (msgid, shape and colour)."""

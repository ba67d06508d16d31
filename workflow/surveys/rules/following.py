"""What became of the letter to one household, in one word."""

from __future__ import annotations

TO_SEND, SENT, OPENED, PARTIAL, FINISHED, DECLINED, RETURNED = (
    *("to_send", "sent", "opened", "partial", "finished", "declined", "returned"),
)
STATES = {
    TO_SEND: ("todo", "letter to send"),
    SENT: ("waiting", "sent, not opened yet"),
    OPENED: ("waiting", "opened with the code, nothing answered"),
    PARTIAL: ("waiting", "begun, not finished"),
    FINISHED: ("done", "finished"),
    DECLINED: ("closed", "does not wish to answer"),
    RETURNED: ("late", "letter came back"),
}
"""{state: (shape and colour, English msgid)}, in the order of a survey."""
WHY_RETURNED = {
    "moved": "not at this address any more",
    "address": "the address is not complete",
    "refused": "the letter was refused",
    "unclaimed": "not fetched at the post office",
    "other": "for another reason",
}
"""Why a letter came back: code → English msgid."""
HOW_SENT = {"post": "by post", "registered": "by registered post", "hand": "by hand", "box": "in the letter box"}
"""How a letter left: code → English msgid."""


def state_of(*, sent: bool, opened: bool, begun: bool, finished: bool, agreed: bool, returned: bool) -> str:
    """The state of one household of a survey; what it answered counts more than what the post did."""
    if finished:
        return FINISHED if agreed else DECLINED
    if begun:
        return PARTIAL
    if opened:
        return OPENED
    if returned:
        return RETURNED
    return SENT if sent else TO_SEND

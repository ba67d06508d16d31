"""What became of the copy that each party receives. English msgids."""

from __future__ import annotations

from dataclasses import dataclass

MAIL, PAPER = "mail", "paper"
DAYS = 30
"""How long a link to the complete file opens."""
HAND, POST = "hand", "post"
WAYS: dict[str, str] = {HAND: "Handed over", POST: "Posted"}
"""{how a printed copy went: its name}."""
LEAVING, SENT, OPENED, BOUNCED, OVER, TO_PRINT, HANDED, POSTED = (
    *("leaving", "sent", "opened", "bounced", "over"),
    *("to_print", "handed", "posted"),
)
STATES: dict[str, tuple[str, str]] = {
    LEAVING: ("the link is about to leave", "todo"),
    SENT: ("sent, not opened yet", "waiting"),
    OPENED: ("received", "done"),
    BOUNCED: ("the mail came back", "late"),
    OVER: ("the link is too old", "late"),
    TO_PRINT: ("printed copy to hand over", "waiting"),
    HANDED: ("printed copy handed over", "done"),
    POSTED: ("printed copy posted", "done"),
}
"""{state: (its name, its family of shape and colour)}."""
ARRIVED = frozenset((OPENED, HANDED, POSTED))


@dataclass(frozen=True)
class Facts:
    """What is known of one delivery. handed: "" | hand | post; over: the last day of its link has passed."""

    how: str
    sent: bool = False
    opened: bool = False
    handed: str = ""
    bounced: bool = False
    over: bool = False


def state_of(told: Facts) -> str:
    """Whoever holds the document has it, whatever became of other ways."""
    if told.opened:
        return OPENED
    if told.handed:
        return HANDED if told.handed == HAND else POSTED
    if told.how == PAPER:
        return TO_PRINT
    if told.bounced:
        return BOUNCED
    if told.over:
        return OVER
    return SENT if told.sent else LEAVING


def way_for(channel: str, address: str) -> str:
    """How a party receives the document: whoever signed by hand, or reads no mail, gets it printed."""
    return PAPER if channel == "paper" or not address else MAIL

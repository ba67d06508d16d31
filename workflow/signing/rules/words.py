"""What mails are called, and what became of a link, in words. English msgids."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "asked": "A document waits for your signature",
    "reminded": "A document still waits for your signature",
    "late": "A signature is late",
    "to_print": "A letter to a signatory is to be printed",
    "to_call": "A signatory can only be reminded by telephone",
    "unreached": "A signatory cannot be reached",
    "last_day": "The last day to sign is near",
    "last_day_opener": "The last day to sign is near",
    "over": "The last day to sign has passed",
    "over_opener": "The last day to sign has passed: what now?",
    "more_time": "There is more time to sign",
    "complete": "Everybody has signed",
    "refused": "A signature was refused",
    "withdrawn": "A request to sign was withdrawn",
}
"""{what happened: the subject of the mail that tells it}."""
LINK_STATES: dict[str, str] = {
    "leaving": "the link is about to leave",
    "sent": "the link was sent",
    "opened": "the link was opened",
    "bounced": "the mail came back: give another address",
    "to print": "the letter with the link is to be printed",
    "code to print": "the paper with the code is to be printed",
    "blocked": "the code was typed wrong too often",
    "used": "the link was used",
    "withdrawn": "the link is dead",
    "expired": "the link is too old",
}
"""{state of a personal link: what whoever runs the room reads}."""

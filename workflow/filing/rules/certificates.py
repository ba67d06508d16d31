"""Until when papers can be sealed: said in time, and refused in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from documents.authority import NoKey

ALERTS = (90, 30, 7)
"""Days before the end at which whoever runs the server is told, more urgently each time."""
MARGIN = timedelta(days=7)
"""What is sealed today must still be signed and closed: nothing new is sealed so shortly before the end. Of what is
archived later, the root speaks: its certificates live years longer than their keys sign (`documents.certificates`).
"""


class SealEnds(NoKey):
    """The certificate of the seal ends too soon to begin anything."""

    def __init__(self, ends: datetime) -> None:
        msgid = "The certificate of the seal ends on %(date)s: nothing new is sealed so shortly before."
        super().__init__("ends", msgid, date=ends.date().isoformat())


def check_new(ends: datetime, now: datetime) -> None:
    """Raise SealEnds unless a new paper may still be sealed."""
    if now + MARGIN > ends:
        raise SealEnds(ends)


def holds_until(ends: datetime, last: date) -> bool:
    """Whether what is signed until that day can still be closed then."""
    return last + MARGIN <= ends.date()


def urgency(ends: datetime, now: datetime) -> int | None:
    """How near the end is: the smallest of ALERTS that it has come to, 0 once nothing new is sealed; None: far away."""
    if now + MARGIN > ends:
        return 0
    return next((days for days in sorted(ALERTS) if ends - now <= timedelta(days=days)), None)

"""Where a consultation stands: said from its state and its days, never from a flag somebody has to turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AHEAD, COMING, OPEN, ANSWERING, DONE = "ahead", "coming", "open", "answering", "done"


def phase(state: str, opens: date | None, closes: date | None, now: datetime, zone: str) -> str:
    """ahead (being prepared), coming, open, answering, done. The first day begins at 0:00 and the last one ends at
    24:00 where the operation is.
    """
    if state != "running" or opens is None or closes is None:
        return DONE if state == "settled" else AHEAD
    if now < _begin(opens, zone):
        return COMING
    return OPEN if now < end_of(closes, zone) else ANSWERING


def end_of(day: date, zone: str) -> datetime:
    """The instant (UTC) at which a day ends."""
    return _begin(day + timedelta(days=1), zone)


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)

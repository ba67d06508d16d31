"""The one place that reads the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _set_to.get() or datetime.now(UTC)


def wall(zone: str = "Europe/Paris") -> datetime:
    """What the clock on the wall says where the operation takes place."""
    return now().astimezone(ZoneInfo(zone))


def today(zone: str = "Europe/Paris") -> date:
    """The present day where the operation takes place."""
    return wall(zone).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let what runs inside believe it is `instant` (aware). For demonstration data and tests."""
    token = _set_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)

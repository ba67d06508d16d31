"""Working days in France: a deadline ends at 24:00, local time, of the n-th working day after the start."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5
_ALSACE_MOSELLE = "57"


@dataclass(frozen=True)
class Calendar:
    """Which days count. Public holidays: Code du travail, art. L3133-1; in Alsace-Moselle also Good Friday and
    26 December, art. L3134-13. closed: further days on which nobody works (closing of an office)."""

    alsace_moselle: bool = False
    closed: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Monday to Friday, neither a public holiday nor a closed day."""
        return day.weekday() < SATURDAY and day not in self.closed and day not in _off(day.year, self.alsace_moselle)

    def shift(self, day: date, count: int) -> date:
        """The count-th working day after `day` (before it when count is negative); the day itself for 0."""
        step = timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.works(day):
                day += step
        return day

    def count(self, after: date, until: date) -> int:
        """How many working days come after one day, up to and with another."""
        days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
        return sum(map(self.works, days))


@lru_cache(maxsize=64)
def _off(year: int, alsace_moselle: bool) -> frozenset[date]:
    return frozenset(holidays.France(subdiv=_ALSACE_MOSELLE if alsace_moselle else None, years=year))


def deadline(start: datetime, days: int, zone: str, calendar: Calendar) -> datetime:
    """The instant (UTC) at which the `days`-th working day after the local day of `start` ends."""
    return _midnight_after(calendar.shift(local_day(start, zone), days), zone)


def around(due: datetime, days: int, zone: str, calendar: Calendar) -> datetime:
    """The instant (UTC) at which the day `days` working days from the last day of a deadline begins."""
    return _midnight(calendar.shift(last_day(due, zone), days), zone)


def later(due: datetime, days: int, zone: str, calendar: Calendar) -> datetime:
    """The instant (UTC) at which the `days`-th working day after a deadline ends; the deadline itself for 0."""
    return _midnight_after(calendar.shift(last_day(due, zone), days), zone)


def last_day(due: datetime, zone: str) -> date:
    """The last day on which one is in time."""
    return local_day(due - timedelta(microseconds=1), zone)


def local_day(instant: datetime, zone: str) -> date:
    """The day it is in the zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _midnight_after(day: date, zone: str) -> datetime:
    return _midnight(day + timedelta(days=1), zone)

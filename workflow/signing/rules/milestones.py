"""The days that count in the life of a signed paper. English msgids.

The acts of a commune hold once they are published or notified, and transmitted to the representative of the State in
the département (CGCT L2131-1; which acts: L2131-2; départements: L3131-1, L3131-2; regions: L4141-1, L4141-2), who has
two months to bring them before the court (L2131-6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TRANSMITTED, NOTIFIED, PUBLISHED, IN_FORCE = "transmitted", "notified", "published", "in_force"
ENDS, RENEWED, CLOSED = "ends", "renewed", "closed"
KINDS: dict[str, str] = {
    TRANSMITTED: "Sent to the legality control",
    NOTIFIED: "Notified",
    PUBLISHED: "Made public",
    IN_FORCE: "Comes into force",
    ENDS: "Ends",
    RENEWED: "Renewed",
    CLOSED: "Not to be renewed",
}
"""{kind: its name}, in the order in which they usually come."""
MONTHS, MOST_MONTHS = 3, 24
"""How long before an end whoever runs the room is reminded, when nothing else is said, and at most."""
CONTROL_MONTHS = 2
"""How long the legality control may bring an act before the court (CGCT L2131-6)."""


@dataclass(frozen=True)
class Day:
    """One entry, as the rules see it. corrects: id of the entry it takes the place of, or takes out (is_void)."""

    id: str
    kind: str
    on: date | None
    at: datetime
    on_receipt: bool = False
    corrects: str | None = None
    is_void: bool = False
    remind_on: date | None = None


def present(days: Sequence[Day]) -> list[Day]:
    """Those that hold, in the order of their days; those that wait for their day last."""
    gone = {one.corrects for one in days if one.corrects}
    kept = [one for one in days if one.id not in gone and not one.is_void]
    return sorted(kept, key=lambda one: (day_of(one, kept) or date.max, list(KINDS).index(one.kind), one.at))


def day_of(one: Day, kept: Sequence[Day]) -> date | None:
    """Its day; of an entry into force on receipt, the day on which the legality control received it, once known."""
    if not one.on_receipt:
        return one.on
    received = [other.on for other in kept if other.kind == TRANSMITTED and other.on]
    return max(received) if received else None


def end_of(days: Sequence[Day]) -> Day | None:
    """The end that holds: the latest one recorded."""
    ends = [one for one in present(days) if one.kind == ENDS]
    return max(ends, key=lambda one: one.at) if ends else None


def end_to_see_to(days: Sequence[Day], today: date) -> Day | None:
    """The end of which somebody must be reminded today; none once it is said that it is not renewed."""
    end = end_of(days)
    if end is None or end.remind_on is None or end.remind_on > today:
        return None
    settled = any(one.kind == CLOSED and one.at >= end.at for one in present(days))
    return None if settled else end


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def months_after(day: date, months: int) -> date:
    return months_before(day, -months)

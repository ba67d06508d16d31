"""Functions on dates and times: ODK XForms specification, "Date and time functions"."""

from __future__ import annotations

import math
from datetime import date, datetime, time

from forms.expressions.context import Context
from forms.expressions.values import (
    Atom,
    Value,
    as_date,
    as_instant,
    as_time,
    atom,
    days_to_date,
    instant_to_days,
    to_number,
)

_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def today(context: Context) -> date:
    return context.now.today


def now(context: Context) -> datetime:
    return context.now.now


def to_date(_: Context, value: Value) -> Atom:
    """A day: from a text, an instant or a number of days since 1970. What is not a day stays blank."""
    found = moment(value)
    if isinstance(found, datetime):
        return found.date()
    return found if found is not None else ""


def moment(value: Value) -> date | datetime | None:
    """The day or the instant that a value says."""
    single = atom(value)
    if isinstance(single, date):
        return single
    if isinstance(single, str):
        return as_date(single) or as_instant(single)
    return days_to_date(single) if isinstance(single, float) and math.isfinite(single) else None


def decimal_date_time(_: Context, value: Value) -> float:
    found = moment(value)
    if found is None:
        return to_number(value)
    return instant_to_days(found) if isinstance(found, datetime) else to_number(found)


def decimal_time(_: Context, value: Value) -> float:
    """The fraction of the day that has passed at a time."""
    single = atom(value)
    found = as_time(single) if isinstance(single, str) else None
    if found is None:
        return math.nan
    return (found.hour * 3600 + found.minute * 60 + found.second + found.microsecond / 1e6) / 86_400


def format_date(_: Context, value: Value, layout: Value) -> str:
    found = moment(value)
    if found is None:
        return ""
    instant = found if isinstance(found, datetime) else datetime.combine(found, time())
    return _format(instant, str(atom(layout)))


def _format(instant: datetime, layout: str) -> str:
    marks = _marks(instant)
    written: list[str] = []
    place = 0
    while place < len(layout):
        known = layout[place] == "%" and layout[place + 1 : place + 2] in marks
        written.append(marks[layout[place + 1]] if known else layout[place])
        place += 2 if known else 1
    return "".join(written)


def _marks(instant: datetime) -> dict[str, str]:
    return {
        "Y": f"{instant.year:04}",
        "y": f"{instant.year % 100:02}",
        "m": f"{instant.month:02}",
        "n": str(instant.month),
        "b": _SHORT_MONTHS[instant.month - 1],
        "d": f"{instant.day:02}",
        "e": str(instant.day),
        "H": f"{instant.hour:02}",
        "h": str(instant.hour),
        "M": f"{instant.minute:02}",
        "S": f"{instant.second:02}",
        "3": f"{instant.microsecond // 1000:03}",
        "a": _SHORT_DAYS[instant.weekday()],
        "%": "%",
    }

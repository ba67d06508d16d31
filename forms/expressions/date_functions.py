"""Functions on dates and times: ODK XForms specification, "Date and time functions"."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

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

MARKS = frozenset("YymnbdeHhMS3aW%")
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The specification asks for the names in the language of the form; other languages than French get the English ones.
_MONTHS_FR = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_DAYS_FR = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


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
        return as_date(_padded(single)) or as_instant(single)
    return days_to_date(single) if isinstance(single, float) and math.isfinite(single) else None


def _padded(text: str) -> str:
    """2026-3-2 is a day as well."""
    parts = text.split("-")
    return "-".join([parts[0], *(part.zfill(2) for part in parts[1:])]) if len(parts) == 3 else text


def to_instant(context: Context, value: Value) -> Atom:
    """`date-time()`: an instant from a text or from a number of days since 1970, the fraction being the time. A day
    begins at midnight of the clock that says what time it is now.
    """
    single, zone = atom(value), context.now.now.tzinfo
    if isinstance(single, float) and math.isfinite(single):
        day = days_to_date(single)
        passed = timedelta(milliseconds=min(round((single - math.floor(single)) * 86_400_000), 86_399_999))
        return "" if day is None else datetime.combine(day, time(), zone) + passed
    found = moment(value)
    if found is None or isinstance(found, datetime):
        return found or ""
    return datetime.combine(found, time(), zone)


def decimal_date_time(_: Context, value: Value) -> float:
    """Days since 1970-01-01T00:00 with their fraction; a number stays what it is."""
    single = atom(value)
    if isinstance(single, float):
        return single
    found = moment(value)
    if found is None:
        return to_number(value)
    return instant_to_days(found) if isinstance(found, datetime) else to_number(found)


def decimal_time(_: Context, value: Value) -> float:
    """The fraction of the day that has passed at a time, or at the time of an instant."""
    single = atom(value)
    if isinstance(single, float):
        return single - math.floor(single) if math.isfinite(single) else math.nan
    found = (as_time(single) if isinstance(single, str) else None) or moment(value)
    if found is None:
        return math.nan
    if isinstance(found, date) and not isinstance(found, datetime):
        return 0.0
    return (found.hour * 3600 + found.minute * 60 + found.second + found.microsecond / 1e6) / 86_400


def format_date(context: Context, value: Value, layout: Value) -> str:
    found = moment(value)
    if found is None:
        return ""
    instant = found if isinstance(found, datetime) else datetime.combine(found, time())
    return _format(instant, str(atom(layout)), context.language)


def _format(instant: datetime, layout: str, language: str) -> str:
    marks = _marks(instant, language)
    written: list[str] = []
    place = 0
    while place < len(layout):
        known = layout[place] == "%" and layout[place + 1 : place + 2] in marks
        written.append(marks[layout[place + 1]] if known else layout[place])
        place += 2 if known else 1
    return "".join(written)


def unknown_marks(layout: str) -> list[str]:
    """What follows a percent sign and is no mark; a lone one at the end as well. The phone stops at these."""
    return [mark for mark in re.findall(r"%.?", layout, re.DOTALL) if mark[1:] not in MARKS]


def _marks(instant: datetime, language: str) -> dict[str, str]:
    french = language.lower().startswith("fr")
    return {
        "Y": f"{instant.year:04}",
        "y": f"{instant.year % 100:02}",
        "m": f"{instant.month:02}",
        "n": str(instant.month),
        "b": (_MONTHS_FR if french else _SHORT_MONTHS)[instant.month - 1],
        "d": f"{instant.day:02}",
        "e": str(instant.day),
        "H": f"{instant.hour:02}",
        "h": str(instant.hour),
        "M": f"{instant.minute:02}",
        "S": f"{instant.second:02}",
        "3": f"{instant.microsecond // 1000:03}",
        "a": (_DAYS_FR if french else _SHORT_DAYS)[instant.weekday()],
        "W": str(instant.isocalendar().week),
        "%": "%",
    }

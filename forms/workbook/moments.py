"""Numbers that a spreadsheet shows as dates and times."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]')
LAST_DAY = 2_957_000  # a few years before 9999-12-31, whatever the first day is


def shows_a_moment(code: str) -> str:
    """date, time, datetime, or nothing: "dd/mm/yyyy", "jj/mm/aaaa", "hh:mm", but not "0.00" or "[Red]0"."""
    bare = _NOT_CODE.sub("", code.partition(";")[0]).lower()
    if bare in {"general", "standard", "@"}:
        return ""
    day = bool(re.search(r"[dyj]|a{2,4}|m{3,}|mm?[/-]", bare))
    hour = bool(re.search(r"[hs]", bare))
    return "datetime" if day and hour else "date" if day else "time" if hour else ""


def moment(serial: float, kind: str, *, since_1904: bool = False) -> tuple[str, str]:
    """(ISO text, what it is) of a serial number. Excel's 1900 was a leap year, as Lotus 1-2-3 had it.

    A date without hours is a date whatever its format shows; a number that is no day stays a number.
    """
    if not 0 <= serial <= LAST_DAY:
        return number_text(serial), "number"
    days, seconds = int(serial), round((serial % 1) * 86_400)
    hours = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if kind == "time" and serial < 1:
        return hours, "time"
    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if serial >= 61 else 31)
    day = (start + timedelta(days=days + seconds // 86_400)).isoformat()
    return (f"{day}T{hours}", "datetime") if seconds % 86_400 else (day, "date")


def number_text(value: float) -> str:
    """As a person would type it: 1.0 → 1."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)

"""Days and moments as they are written: in French the first of a month is "1er"."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date as in_any_language
from flask_babel import gettext as _

from workflow.web import spoken

HERE = "Europe/Paris"
"""Where a moment is told that belongs to no operation."""


def format_date(day: date | None, form: str = "full", *, rebase: bool = True) -> str:
    """A day in the reader's language; `form` and `rebase` as in flask_babel."""
    text = in_any_language(day, form, rebase=rebase)
    if spoken.lang() == "fr":
        return re.sub(r"(?<![\d/])1(?=[ \u00a0][a-zéû])", "1er", text)
    return text


def time_of_day(instant: datetime, zone: str) -> str:
    """14 h 32, where the operation takes place."""
    there = instant.astimezone(ZoneInfo(zone))
    return _("%(hour)s:%(minute)s", hour=f"{there:%H}", minute=f"{there:%M}")


def stamp(instant: datetime, zone: str = HERE) -> str:
    """lundi 23 novembre 2026, 14 h 32: on paper nothing is "three days ago"."""
    day = format_date(instant.astimezone(ZoneInfo(zone)).date(), "full")
    return f"{day}, {time_of_day(instant, zone)}"


def period(starts: date | None, ends: date | None) -> str:
    """From when to when: "du 1er janvier 2005 au 31 décembre 2009", or what is known of it; "" when nothing is."""
    first, last = (format_date(day, "d MMMM y") if day else "" for day in (starts, ends))
    if first and last:
        return _("%(first)s to %(last)s", first=first, last=last)
    if first:
        return _("from %(day)s", day=first)
    return _("until %(day)s", day=last) if last else ""

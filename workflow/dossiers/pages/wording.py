"""How pages write moments, days and labels in the language of their reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from workflow import clock
from workflow.web import dates
from workflow.web.dates import format_date, time_of_day

stamp = dates.stamp


def day(instant: datetime, zone: str) -> str:
    """lundi 23 novembre 2026."""
    return full_day(instant.astimezone(ZoneInfo(zone)).date())


def full_day(found: date) -> str:
    return format_date(found, "full")


def moment(instant: datetime, zone: str) -> str:
    """lundi 23 novembre 2026 à 14 h 32 (il y a 3 jours)."""
    return _("%(day)s at %(time)s (%(ago)s)", day=day(instant, zone), time=time_of_day(instant, zone), ago=ago(instant))


def ago(instant: datetime) -> str:
    """il y a 3 jours, dans 2 heures."""
    return format_timedelta(instant - clock.now(), add_direction=True)


def late_by(days: int) -> str:
    """en retard de 3 jours ouvrés; "late" as long as nobody has worked since."""
    return ngettext("late by %(num)s working day", "late by %(num)s working days", days) if days else _("late")


def one_of(names: Iterable[str]) -> str:
    """Anne, Bruno ou Chloé."""
    found = list(names)
    if len(found) < 2:
        return "".join(found)
    return _("%(several)s or %(last)s", several=", ".join(found[:-1]), last=found[-1])


def verb(command: str) -> str:
    """The address of a command: SendBack → send-back."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", command).lower()


def command_of(address: str) -> str:
    """The command of an address: send-back → SendBack."""
    return "".join(part.capitalize() for part in address.split("-"))

"""How people, roles, days and invitations are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import get_locale
from flask_babel import gettext as _

from workflow import clock
from workflow.people import queries
from workflow.people.models import Absence, Assignment, Body
from workflow.people.queries import Invitation
from workflow.people.rules import ROLES
from workflow.web.dates import format_date

ZONE = ZoneInfo("Europe/Paris")
Badge = tuple[str, str]
"""(state for the drawing, words)."""


def role(code: str) -> str:
    return _(queries.role_label(code))


def opens(code: str) -> str:
    return _(ROLES[code].opens) if code in ROLES else ""


def label(told: Mapping[str, str]) -> str:
    """A label in the reader's language, in French when it has none."""
    return told.get(str(get_locale() or "fr")) or told.get("fr") or next(iter(told.values()), "")


def local_day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def day(told: date | datetime) -> str:
    return format_date(local_day(told) if isinstance(told, datetime) else told, "d MMMM y")


def held(row: Assignment) -> str:
    """Since when and until when: "since 1 March 2026", "from 1 March to 30 June 2026"."""
    last = last_day(row)
    if last is None:
        return (
            _("since %(day)s", day=day(row.since))
            if row.since <= clock.today()
            else _("from %(day)s", day=day(row.since))
        )
    return _("from %(first)s to %(last)s", first=day(row.since), last=day(last))


def last_day(row: Assignment) -> date | None:
    """The last day of an assignment, whichever of its ends comes first."""
    cut = local_day(row.ended_at) if row.ended_at else None
    return min((one for one in (cut, row.until) if one), default=None)


def away(row: Absence) -> str:
    return _("from %(first)s to %(last)s", first=day(row.first_day), last=day(row.last_day))


def forms_of(row: Absence) -> str:
    """The forms for which somebody stands in; "" for all of them."""
    return ", ".join(label(told) for told in queries.forms_of(row))


lends_nothing = queries.lends_nothing


def stands_in(row: Absence, name: str) -> str:
    """Who acts meanwhile; that nobody does when the rule is no longer met."""
    if queries.lends_nothing(row):
        return _("%(name)s cannot stand in", name=name)
    return _("%(name)s stands in", name=name)


def place(operation: str | None, names: Mapping[str, str]) -> str:
    if operation is None:
        return _("the whole installation")
    return names.get(operation, _("another operation"))


def body_name(row: Body) -> str:
    return label(row.label)


def invited(told: Invitation) -> Badge:
    """How far somebody has come on the way to an account."""
    since = day(told.since) if told.since else ""
    until = day(told.until) if told.until else ""
    state, words = {
        "none": ("closed", _("no account")),
        "ready": ("closed", _("account ready, not invited")),
        "sent": ("waiting", _("invited on %(day)s, not yet accepted (until %(until)s)", day=since, until=until)),
        "printed": ("waiting", _("code printed on %(day)s, not yet used (until %(until)s)", day=since, until=until)),
        "expired": ("late", _("invitation expired on %(day)s", day=since)),
        "withdrawn": ("closed", _("invitation withdrawn on %(day)s", day=since)),
        "closed": ("closed", _("account closed on %(day)s", day=since)),
        "accepted": ("done", _("has an account since %(day)s", day=since) if since else _("has an account")),
    }[told.state]
    return state, words

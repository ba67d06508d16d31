"""The form of a departure: reason, hour, one successor by default, another one for a kind or a line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Optional

from workflow import clock
from workflow.dossiers import queries
from workflow.dossiers.pages.said_of import Words
from workflow.dossiers.queries import Departure, Succession
from workflow.dossiers.queries.held import Line
from workflow.dossiers.rules import HELD, LEAVING, NEVER
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web.fields import Day, readable, too_long


class LeavingForm(FlaskForm):
    reason = SelectField(
        lazy_gettext("Reason for leaving"), [InputRequired(lazy_gettext("Choose a reason in the list."))]
    )
    successor = SelectField(lazy_gettext("Who takes over"), [Optional()])
    when = RadioField(lazy_gettext("When the access closes"), default="now")
    day = Day(lazy_gettext("Day"), [Optional()])
    hour = TimeField(lazy_gettext("Hour"), [Optional()])
    close = BooleanField(
        lazy_gettext("Close the account as well, when this person holds nothing any more"), default=True
    )

    why = StringField(lazy_gettext("Why a seat stays vacant"), [Optional(), too_long(300)], filters=[readable])

    def __init__(self, departures: tuple[Departure, ...]) -> None:
        super().__init__()
        self.departures = departures
        self.reason.choices = [("", _("Choose in the list")), *((code, _(words)) for code, words in LEAVING.items())]
        self.when.choices = [("now", _("Now")), ("later", _("At an hour to come"))]
        self.successor.choices = [("", _("Choose in the list")), *self.people()]

    @property
    def zone(self) -> str:
        place = find_operation(self.departures[0].operation) if self.departures else None
        return place.zone if place else "Europe/Paris"

    @property
    def at(self) -> datetime | None:
        """The hour to come; None for now, or when it is not told."""
        if self.when.data != "later" or not self.day.data or not self.hour.data:
            return None
        return datetime.combine(self.day.data, self.hour.data, ZoneInfo(self.zone)).astimezone(UTC)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        return self._may_close_then() and good

    def _may_close_then(self) -> bool:
        """Whether the access can close at that hour; a sentence beside its field when it cannot."""
        if self.when.data != "later":
            if g.identity.person not in {one.person for one in self.departures}:
                return True
            self.when.errors = [_("You cannot close your own access at once: choose an hour to come.")]
        elif self.at is None:
            self.day.errors = [_("Give the day and the hour, for example 31/03/2027 and 18:00.")]
        elif self.at <= clock.now():
            self.day.errors = [_("This hour is past: choose “now”, or an hour to come.")]
        else:
            return True
        return False

    def asked(self) -> Succession:
        """What was posted, once it is valid. Persons who are not offered count as not chosen."""
        known = {person for person, _name in self.people()} | {NEVER}
        others = {
            name.removeprefix("to:"): value
            for name, value in request.form.items()
            if name.startswith("to:") and value in known
        }
        chosen = self.successor.data or ""
        why = self.why.data or ""
        closes, by = bool(self.close.data), g.identity.person
        return Succession(self.departures, chosen, self.reason.data, self.at, others, closes, by, why)

    def people(self) -> list[tuple[str, str]]:
        """(person, name and for whom they act), by name; looked up once."""
        if not hasattr(self, "_people"):
            asked = Succession(self.departures, "", "")
            names = people.organisation_names()
            self._people = [(row.id, _named(row.name, row.id, names)) for row in queries.candidates(g.identity, asked)]
        return self._people


def _named(name: str, person: str, organisations: dict[str, str]) -> str:
    acting = dict.fromkeys(organisations.get(grant.organisation or "", "") for grant in people.grants_of(person))
    whom = ", ".join(filter(None, acting))
    return f"{name} ({whom})" if whom else name


def parting(departures: tuple[Departure, ...], words: Words, wrong: dict[str, str]) -> list[dict[str, Any]]:
    """What the page shows: each departure with its lines by kind, what was chosen for each, what is wrong there."""
    found = []
    for rank, one in enumerate(departures):
        place = find_operation(one.operation)
        lines = one.lines()
        kinds = [
            _kind(f"held-{rank}-{kind}", [line for line in lines if line.kind == kind], words, wrong)
            for kind in HELD
            if any(line.kind == kind for line in lines)
        ]
        found.append(
            {"person": words.name(one.person), "place": place.name if place else "", "kinds": kinds, "rank": rank}
        )
    return found


MAY_END = {
    "role": lambda: _("Nobody: this role ends"),
    "seat": lambda: _("Nobody for now: it stays vacant, or goes to whoever may sit instead"),
}
"""How it is said that a thing passes to nobody."""


def _kind(anchor: str, lines: list[Line], words: Words, wrong: dict[str, str]) -> dict[str, Any]:
    """Lines of one kind, one at least."""
    kind = lines[0].kind
    name = f"to:{lines[0].operation}:{kind}:{lines[0].holder}"
    return {
        "code": kind,
        "anchor": anchor,
        "label": _(HELD[kind]),
        "name": name,
        "chosen": request.form.get(name, ""),
        "may_end": MAY_END.get(kind, lambda: "")(),
        "ends": NEVER,
        "lines": [
            {
                "name": f"to:{line.id}",
                "text": words.line(line),
                "chosen": request.form.get(f"to:{line.id}", ""),
                "error": wrong.get(line.id, ""),
            }
            for line in lines
        ],
    }

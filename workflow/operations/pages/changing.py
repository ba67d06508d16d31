"""Doors: the operation itself changed."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import BooleanField
from wtforms.validators import ValidationError

from workflow.operations import actions, queries
from workflow.operations.models import Operation
from workflow.operations.pages.blueprint import operations, set_up, trail
from workflow.operations.rules import REGIMES, ZONES, calendar_of, read_days
from workflow.people import queries as people
from workflow.web import fields
from workflow.web.editing import Desk, edit


class OperationForm(fields.Sheet):
    name = fields.name_field(
        later("Short name"), later("Give the operation a name."), 80, description=later("As people call it: Mistral.")
    )
    label = fields.words(later("Full name, as it stands on papers"), 200)
    city = fields.name_field(later("City"), later("Say in which city it takes place."), 120)
    owner = fields.choice(
        later("Who carries it"),
        later("Choose the organisation that carries the operation."),
        description=later("It answers for the operation and for the personal data."),
    )
    starts = fields.day(later("First day"))
    ends = fields.day(later("Last day"))
    zone = fields.choice(later("Local time"), later("Choose where the operation takes place."))
    alsace_moselle = BooleanField(
        later("The public holidays of Alsace-Moselle count too (Good Friday, 26 December)"),
        description=later("Deadlines are counted in working days; those that already run do not change."),
    )
    closed = fields.paragraph(
        later("Further days on which nobody works"),
        4000,
        description=later("One a line, for example 24/12/2026. Saturdays, Sundays and public holidays are known."),
    )
    regime = fields.choice(later("Legal regime"))
    description = fields.paragraph(later("In a few sentences"), 2000)

    def validate_closed(self, field: Any) -> None:
        wrong = read_days(field.data or "")[1]
        if wrong:
            raise ValidationError(_("“%(word)s” is no day: write for example 24/12/2026.", word=wrong[:40]))


@operations.route("/operations/<operation>/change", methods=["GET", "POST"])
def change(operation: str) -> Any:
    row = set_up(operation)
    form = _lists(OperationForm(data=_told(row)))
    desk = Desk(
        title=_("Describe the operation"),
        lead=_("What partners and households read of it on pages and papers."),
        back=url_for("exchange.overview", operation=row.id),
        crumbs=trail(row),
        verb=_("Keep these changes"),
    )
    return edit(
        desk,
        form,
        lambda: actions.change_operation(operation, _typed(form, operation), form.shown_version, g.identity.person),
        _("The operation is described anew."),
        lambda: _fresh(operation),
    )


def _lists(form: OperationForm) -> OperationForm:
    form.choose(
        owner=[(one.slug, one.name) for one in people.organisations()],
        zone=[(zone, _(label)) for zone, label in ZONES.items()],
        regime=[(code, _(label)) for code, label in REGIMES.items()],
    )
    return form


def _told(row: Operation) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("name", "city", "owner", "zone", "starts", "ends", "regime")}
    words = {"label": (row.label or {}).get("fr", ""), "description": (row.description or {}).get("fr", "")}
    calendar = calendar_of(row.figures)
    days = "\n".join(day.strftime("%d/%m/%Y") for day in sorted(calendar.closed))
    return {**plain, **words, "alsace_moselle": calendar.alsace_moselle, "closed": days, "version": str(row.version)}


def _typed(form: OperationForm, operation: str) -> dict[str, Any]:
    row = queries.operation(operation)
    data = {name: value for name, value in form.data.items() if name not in ("version", "csrf_token")}
    for name in ("label", "description"):
        data[name] = {**(getattr(row, name) or {}), "fr": data[name] or ""}
    closed = read_days(data.pop("closed") or "")[0]
    data["calendar"] = {"alsace_moselle": data.pop("alsace_moselle"), "closed": closed}
    return data


def _fresh(operation: str) -> tuple[OperationForm, int]:
    row = set_up(operation)
    return _lists(OperationForm(formdata=None, data=_told(row))), row.version

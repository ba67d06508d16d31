"""Doors: what is to be handed over on paper, what became of every notice of an operation."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from workflow import clock
from workflow.access import Identity
from workflow.circuit.deadlines import local_day
from workflow.dossiers.actions import notices as actions
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.noticed import Line
from workflow.dossiers.pages.notices_list import asked_lines, columns, filters
from workflow.dossiers.queries import notices as queries
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.web import fields, listed
from workflow.web.dates import format_date
from workflow.web.listed import Empty, Listed
from workflow.web.places import here


class HandingForm(FlaskForm):
    """The day on which the ticked notices were handed over."""

    day = fields.day(lazy_gettext("Handed over on"), lazy_gettext("Say on which day."))
    today: date
    written: date | None = None  # the day on which the latest of the ticked ones was written

    def validate_day(self, field: fields.Day) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_("This day is still to come."))
        if field.data and self.written and field.data < self.written:
            raise ValidationError(
                _(
                    "This notice was written on %(day)s: say that day or a later one.",
                    day=format_date(self.written, "long"),
                )
            )


def place_of(identity: Identity) -> Operation:
    """The operation of the address. NotFound for who neither works in the field nor sets it up."""
    operation = here(identity)
    place = find_operation(operation)
    if place is None or not queries.may_look_after(identity, operation):
        raise NotFound()
    return place


@dossiers.get("/operations/<operation>/notices")
def notices(operation: str) -> Any:
    place = place_of(g.identity)
    return _page(place, HandingForm(data={"day": clock.today(place.zone)}), [])


@dossiers.post("/operations/<operation>/notices")
def hand_over(operation: str) -> Any:
    """The ticked ones were handed over that day."""
    place, ticked = place_of(g.identity), request.form.getlist("notice")
    form = _form(place, ticked)
    if not form.validate() or not ticked:
        return _page(place, form, ticked, missing=not ticked), 422
    count = actions.hand_over(place.id, ticked, form.day.data, g.identity.person)
    flash(_handed(count), "done" if count else "info")
    return redirect(url_for("dossiers.notices", operation=place.id), code=303)


def _form(place: Operation, ticked: list[str]) -> HandingForm:
    """The days it may be are those of the place: from the day the notices were written until today."""
    form, latest = HandingForm(), queries.latest_of(place.id, ticked)
    form.today = clock.today(place.zone)
    form.written = local_day(latest, place.zone) if latest else None
    return form


def _handed(count: int) -> str:
    if not count:
        return _("Somebody had already ticked them.")
    return ngettext(
        "%(num)s notice is noted as handed over. It can be undone on its page, under “Handed over”.",
        "%(num)s notices are noted as handed over. It can be undone on their pages, under “Handed over”.",
        count,
    )


# -- the list -----------------------------------------------------------------------------------------------------


def _page(place: Operation, form: HandingForm, ticked: list[str], *, missing: bool = False) -> Any:
    asked = {one.name: one.asked for one in filters()}
    lines = asked_lines(place)
    return listed.show(
        Listed(
            title=_("To hand over"),
            lead=_(
                "News for those who have no e-mail address, or whose mails come back: print it, hand it over, tick it."
            ),
            columns=columns(ticked, asked["state"]),
            rows=lines,
            known=queries.count(place.id) if any(asked.values()) else len(lines),
            empty=_empty(place),
            filters=filters(),
            counted=lambda count: ngettext("%(num)s notice", "%(num)s notices", count),
            place=place.name,
            file_name="a-remettre",
            primary=_print(place, lines, asked),
            more={
                "form": form,
                "errors": _errors(form, missing=missing),
                "ticking": any(line.waits for line in lines),
                "action": url_for("dossiers.notices", operation=place.id),
            },
        ),
        "dossiers/notices.html",
    )


def _print(place: Operation, lines: list[Line], asked: dict[str, str]) -> tuple[str, str] | None:
    count = sum(line.waits for line in lines)
    if not count:
        return None
    told = {name: value for name, value in asked.items() if value and name in ("q", "for", "mine")}
    url = url_for("dossiers.letters", operation=place.id, **told)
    return url, ngettext("Print the letter", "Print the %(num)s letters", count)


def _empty(place: Operation) -> Empty:
    return Empty(
        _("Nothing to hand over"),
        _("What cannot be told by mail appears here by itself, with a letter to print."),
        url_for("dossiers.notices", operation=place.id, state="all"),
        _("See everything that was told"),
    )


def _errors(form: HandingForm, *, missing: bool) -> list[dict[str, str]]:
    found = [{"id": "handed", "message": _("Tick at least one notice.")}] if missing else []
    return found + [
        {"id": field.id, "label": field.label.text, "message": field.errors[0]} for field in form if field.errors
    ]

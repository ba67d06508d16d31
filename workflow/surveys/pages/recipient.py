"""Doors: one household of a survey: its letter, what it answered, and what one notes about either."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import RadioField
from wtforms.validators import InputRequired

from workflow import access, clock
from workflow.people.queries import names
from workflow.surveys.actions import following
from workflow.surveys.models import DESK
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.follow_up import channel_of, named, why_returned
from workflow.surveys.pages.listing import crumbs
from workflow.surveys.queries.recipients import line
from workflow.surveys.queries.surveys import operation_of
from workflow.surveys.rules.following import HOW_SENT, STATES, WHY_RETURNED
from workflow.web import fields, spoken
from workflow.web.dates import format_date, stamp
from workflow.web.editing import Desk, edit


def crumbs_of(row: Any) -> list[tuple[str, str]]:
    return [*crumbs(row), (url_for("surveys.follow_up", survey=row.id), _("Follow-up of the letters"))]


@surveys.get("/surveys/<survey>/households/<recipient>")
def recipient(survey: str, recipient: str) -> Any:
    """What is known, and what may be done: key its answers, note that its letter left or came back."""
    row, told = line(g.identity, survey, recipient)
    zone, done = operation_of(row).zone, told.finished
    by = names({one.person for one in told.answers if one.person})
    desk = next((one for one in told.answers if one.hand == DESK), None)
    sent = format_date(told.row.sent_on, "full") if told.row.sent_on else ""
    facts = [
        (_("Reference"), told.home.reference if told.home else ""),
        (_("Address"), told.home.address if told.home else ""),
        (_("Language in which one writes to it"), spoken.named(told.row.lang)),
        (_("Letter sent on"), f"{sent}, {_(HOW_SENT[told.row.sent_how])}" if sent and told.row.sent_how else sent),
        (_("Reminders"), ", ".join(_day(one) for one in told.row.reminders)),
        (_("Opened with the code on"), stamp(told.row.opened_at, zone) if told.row.opened_at else ""),
        (_("Came back on"), format_date(told.row.returned_on, "full") if told.row.returned_on else ""),
        (_("Came back because"), why_returned(told)),
        (_("Answered"), channel_of(told)),
        (_("Answered on"), format_date(done.told_on, "full") if done else ""),
        (_("Written down by"), by.get(done.person, "") if done else ""),
    ]
    family, words = STATES[told.state]
    return render_template(
        "surveys/recipient.html",
        row=row,
        told=told,
        title=named(told),
        crumbs=crumbs_of(row),
        state=(family, _(words)),
        facts=[{"label": label, "value": value} for label, value in facts if value],
        done=done,
        keying=desk if desk is not None and not desk.finished_for else None,
        keyed_by=by.get(desk.person, "") if desk else "",
        card=url_for("dossiers.household", household_id=told.row.household_id),
        reads_card=access.may_come("dossiers.household", g.identity),
    )


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso), "d MMMM y")


class SentForm(fields.Sheet):
    how = RadioField(later("How it left"), [InputRequired(later("Say how it left."))])
    day = fields.day(later("On what day"), later("Write the day."))


class ReturnedForm(fields.Sheet):
    why = RadioField(later("Why it came back"), [InputRequired(later("Say why it came back."))])
    day = fields.day(later("On what day"), later("Write the day."))


@surveys.route("/surveys/<survey>/households/<recipient>/sent", methods=["GET", "POST"])
def say_sent(survey: str, recipient: str) -> Any:
    """A letter that left otherwise than from our own list of letters."""
    row, told = line(g.identity, survey, recipient)
    form = SentForm(data={"how": told.row.sent_how or "post", "day": clock.today(operation_of(row).zone)})
    form.how.choices = [(code, _(words)) for code, words in HOW_SENT.items()]
    desk = Desk(
        title=_("The letter left"),
        lead=named(told),
        back=url_for("surveys.recipient", survey=row.id, recipient=recipient),
        crumbs=crumbs_of(row),
        verb=_("Save"),
        notice=_("Letters of the list of letters are noted there, all at once. Here: one that left otherwise."),
    )

    def save() -> None:
        following.say_sent(g.identity, survey, recipient, form.how.data, form.day.data)

    return edit(desk, form, save, _("Saved."))


@surveys.route("/surveys/<survey>/households/<recipient>/returned", methods=["GET", "POST"])
def say_returned(survey: str, recipient: str) -> Any:
    row, told = line(g.identity, survey, recipient)
    form = ReturnedForm(data={"why": "moved", "day": clock.today(operation_of(row).zone)})
    form.why.choices = [(code, _(words)) for code, words in WHY_RETURNED.items()]
    desk = Desk(
        title=_("The letter came back"),
        lead=named(told),
        back=url_for("surveys.recipient", survey=row.id, recipient=recipient),
        crumbs=crumbs_of(row),
        verb=_("Save"),
        notice=_("No reminder goes where a letter came back. Call, or write again once the address is known."),
    )

    def save() -> None:
        following.say_returned(g.identity, survey, recipient, form.why.data, form.day.data)

    return edit(desk, form, save, _("Noted: the letter came back."))


@surveys.post("/surveys/<survey>/households/<recipient>/not-returned")
def take_return_back(survey: str, recipient: str) -> Any:
    following.take_return_back(g.identity, survey, recipient)
    flash(_("Taken back: the letter did not come back."), "done")
    return redirect(url_for("surveys.recipient", survey=survey, recipient=recipient), code=303)

"""Doors: households that ask to be called back, apart from what they answered."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.people.queries import names
from workflow.surveys.actions import following
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.listing import crumbs
from workflow.surveys.queries import calls as found
from workflow.surveys.queries.calls import Asked
from workflow.surveys.queries.homes import Home, homes
from workflow.surveys.queries.sheets import language_of
from workflow.surveys.queries.surveys import asked_in, operation_of, survey
from workflow.web import listed, spoken
from workflow.web.dates import stamp


@surveys.get("/surveys/<survey_id>/calls", endpoint="calls")
def to_call(survey_id: str) -> Any:
    """Whom to call, at which number, when; ticked once it is done."""
    row = survey(g.identity, survey_id)
    told = found.calls(row)
    known = homes().known(g.identity, [one.household for one in told])
    zone, by = operation_of(row).zone, names({one.row.done_by for one in told if one.row.done_by})
    moments = _moments(row)

    def done(one: Asked) -> str:
        if one.row.done_at is None:
            return _("to call")
        return _("called: %(day)s, by %(name)s", day=stamp(one.row.done_at, zone), name=by.get(one.row.done_by, ""))

    def who(one: Asked) -> str:
        home: Home | None = known.get(one.household)
        return (home.name or home.reference) if home else _("household erased, or not yours to know")

    return listed.show(
        listed.Listed(
            title=_("To call back"),
            lead=_("They asked for it at the end of the survey. This is kept apart from what they answered."),
            columns=[
                listed.Column(_("Household"), who, width=34),
                listed.Column(_("Telephone"), lambda one: one.phone or _phone(known.get(one.household)), width=20),
                listed.Column(_("When"), lambda one: moments.get(one.when, one.when), width=20),
                listed.Column(_("Asked on"), lambda one: stamp(one.row.asked_at, zone), width=36),
                listed.Column(
                    _("State"),
                    done,
                    lambda one: {"text": done(one), "state": "done" if one.row.done_at else "todo"},
                    width=36,
                ),
            ],
            rows=told,
            known=len(told),
            counted=lambda count: ngettext("%(num)s call", "%(num)s calls", count),
            empty=listed.Empty(_("Nobody asks to be called back"), _("Who asks for it stands here with a number.")),
            place=operation_of(row).name,
            file_name="a-rappeler",
            more={"crumbs": crumbs(row), "row": row, "who": who},
        ),
        "surveys/calls.html",
    )


def _phone(home: Home | None) -> str:
    return (home.phone or "") if home else ""


def _moments(row: Any) -> dict[str, str]:
    asked = asked_in(row)
    form, question = asked.published.form, asked.published.form.questions.get(asked.frame.when)
    lang = language_of(form, spoken.lang())
    return {one.value: one.label[lang] for one in question.choices if one.label} if question else {}


@surveys.post("/surveys/<survey_id>/calls/<call>")
def settle_call(survey_id: str, call: str) -> Any:
    """Called back; or taken back, when it was ticked by mistake."""
    done = request.form.get("undo") is None
    following.say_called(g.identity, survey_id, call, done=done)
    flash(
        _("Noted: this household was called.") if done else _("Taken back: this household is still to be called."),
        "done",
    )
    return redirect(url_for("surveys.calls", survey_id=survey_id), code=303)

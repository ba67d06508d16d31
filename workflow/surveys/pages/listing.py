"""Doors: the surveys of an operation, a new one, and one of them: what is to be done with it now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from wtforms import RadioField
from wtforms.validators import InputRequired

from workflow import access, clock
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.surveys.actions import beginning
from workflow.surveys.models import OPEN, Survey
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.queries import calls
from workflow.surveys.queries import surveys as found
from workflow.surveys.queries.recipients import counted, lines
from workflow.surveys.rules.following import OPENED, PARTIAL, RETURNED, SENT, TO_SEND
from workflow.web import fields, listed
from workflow.web.dates import format_date
from workflow.web.editing import Desk, Step, confirm, edit
from workflow.web.places import here

MONTHS = timedelta(days=60)
"""How long households have to answer when nothing else is said."""


def the_operation() -> Operation:
    """The operation of the address, for whoever runs its surveys. NotFound for everybody else."""
    place = find_operation(here(g.identity))
    if place is None or not found.may_run(g.identity, place.id):
        raise NotFound()
    return place


@surveys.get("/operations/<operation>/surveys", endpoint="surveys")
def of_operation(operation: str) -> Any:
    """Every survey of the operation, with how far it is."""
    place = the_operation()
    rows = found.surveys(g.identity, place.id)
    told = found.how_far(rows)
    add = (url_for("surveys.new_survey", operation=place.id), _("Begin a survey"))

    def answered(row: Survey) -> str:
        return _("%(done)s of %(count)s", done=told[row.id]["finished"], count=told[row.id]["sent"])

    return listed.show(
        listed.Listed(
            title=_("Satisfaction surveys"),
            lead=_("Households that moved say how it went: by letter with a code, on paper, by telephone."),
            columns=[
                listed.Column(
                    _("Survey"),
                    lambda row: row.title,
                    lambda row: {"text": row.title, "url": url_for("surveys.survey", survey=row.id)},
                    width=44,
                ),
                listed.Column(_("Households"), lambda row: told[row.id]["asked"], width=14, number=True),
                listed.Column(_("Letters sent"), lambda row: told[row.id]["sent"], width=14, number=True),
                listed.Column(_("Answered"), answered, width=16),
                listed.Column(_("Last day"), lambda row: row.until, width=20),
                listed.Column(
                    _("State"),
                    lambda row: state_of(row)[1],
                    lambda row: {"text": state_of(row)[1], "state": state_of(row)[0]},
                ),
            ],
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s survey", "%(num)s surveys", count),
            empty=listed.Empty(
                _("No survey yet"),
                _("Once the questionnaire is approved in the files of the operation, households that moved are asked."),
                *add,
            ),
            primary=add,
            place=place.name,
            file_name="enquetes",
            private=False,
        )
    )


def state_of(row: Survey) -> tuple[str, str]:
    """(shape and colour, words)."""
    if row.state != OPEN:
        return "closed", _("closed")
    return ("waiting", _("under way")) if found.is_open(row) else ("late", _("its last day has passed"))


def crumbs(row: Survey, *, inside: bool = True) -> list[tuple[str, str]]:
    up = [(url_for("surveys.surveys", operation=row.operation_id), _("Satisfaction surveys"))]
    return [*up, (url_for("surveys.survey", survey=row.id), row.title)] if inside else up


class NewSurveyForm(fields.Sheet):
    campaign = RadioField(later("Approved questionnaire"), [InputRequired(later("Choose a questionnaire."))])
    title = fields.name_field(
        later("Name of the survey"),
        later("Give the survey a name."),
        200,
        description=later("The team reads it, households do not."),
    )
    until = fields.day(
        later("Last day to answer"),
        later("Write the last day."),
        description=later("It stands on the letters. Two months are usual."),
    )


class SurveyForm(fields.Sheet):
    title = fields.name_field(later("Name of the survey"), later("Give the survey a name."), 200)
    until = fields.day(later("Last day to answer"), later("Write the last day."))


@surveys.route("/operations/<operation>/surveys/new", methods=["GET", "POST"])
def new_survey(operation: str) -> Any:
    """From an approved questionnaire, for every household that moved."""
    place = the_operation()
    known = found.approved(g.identity, place.id)
    back = url_for("surveys.surveys", operation=place.id)
    if not known:
        return render_template("surveys/nothing_approved.html", back=back, place=place, files=_files_url(place))
    first = known[0]
    usual = {"campaign": first.subject, "title": first.title, "until": clock.today(place.zone) + MONTHS}
    form = NewSurveyForm(data=usual)
    form.campaign.choices = [(one.subject, f"{one.title} ({one.reference})") for one in known]

    def save() -> str:
        row = beginning.begin(g.identity, place.id, form.campaign.data, form.title.data, form.until.data)
        return url_for("surveys.survey", survey=row.id)

    desk = Desk(
        title=_("Begin a survey"),
        lead=_("Every household of %(name)s that moved comes onto its list, with a code of its own.", name=place.name),
        back=back,
        crumbs=[(back, _("Satisfaction surveys"))],
        verb=_("Begin"),
        notice=_("It is not anonymous: the team knows who answered, and says so. Results are counted without names."),
    )
    return edit(desk, form, save, _("The survey is begun. Prepare the letters now."))


def _files_url(place: Operation) -> str:
    return url_for("dossiers.of_operation", operation=place.id)


@surveys.get("/surveys/<survey>")
def survey(survey: str) -> Any:
    """What is to be done now, and how far it is."""
    row = found.survey(g.identity, survey)
    told = lines(g.identity, row)
    numbers = counted(told)
    waiting = [one for one in calls.calls(row) if one.row.done_at is None]
    return render_template(
        "surveys/survey.html",
        row=row,
        crumbs=crumbs(row, inside=False),
        place=found.operation_of(row),
        state=state_of(row),
        numbers=numbers,
        asked=len(told),
        to_send=numbers[TO_SEND],
        to_remind=numbers[SENT] + numbers[OPENED] + numbers[PARTIAL],
        returned=numbers[RETURNED],
        waiting=len(waiting),
        unread=calls.unread(g.identity, row),
        until=format_date(row.until, "full"),
        open=row.state == OPEN,
        writes=access.may_fill(g.identity, row.operation_id),
        enter_url=current_app.config["RELAIS"].base_url + url_for("surveys.enter"),
    )


@surveys.route("/surveys/<survey>/change", methods=["GET", "POST"])
def change_survey(survey: str) -> Any:
    row = found.survey(g.identity, survey)
    form = SurveyForm(data={"title": row.title, "until": row.until, "version": str(row.version)})

    def save() -> None:
        beginning.change(g.identity, survey, form.title.data, form.until.data, form.shown_version)

    def fresh() -> tuple[fields.Sheet, int]:
        now = found.survey(g.identity, survey)
        return SurveyForm(formdata=None, data={"title": now.title, "until": now.until}), now.version

    desk = Desk(
        title=_("Name and last day"),
        lead=_("Letters that left keep the day that stands on them."),
        back=url_for("surveys.survey", survey=row.id),
        crumbs=crumbs(row),
        verb=_("Save"),
    )
    return edit(desk, form, save, _("Saved."), fresh)


@surveys.post("/surveys/<survey>/add-moved")
def add_moved(survey: str) -> Any:
    """Households that moved since the survey was begun."""
    count = beginning.add_moved(g.identity, survey)
    told = ngettext("%(num)s household came onto the list.", "%(num)s households came onto the list.", count)
    flash(told if count else _("Every household that moved is on the list already."), "done")
    return redirect(url_for("surveys.survey", survey=survey), code=303)


@surveys.route("/surveys/<survey>/close", methods=["GET", "POST"])
def close_survey(survey: str) -> Any:
    row = found.survey(g.identity, survey)
    step = Step(
        title=_("Close the survey"),
        consequence=_(
            "From now on no code opens it. What was answered counts; what was begun and not finished does not."
        ),
        verb=_("Close"),
        back=url_for("surveys.survey", survey=row.id),
        crumbs=crumbs(row),
    )
    return confirm(step, fields.Sheet(), lambda: beginning.close(g.identity, survey), _("The survey is closed."))


@surveys.post("/surveys/<survey>/reopen")
def reopen_survey(survey: str) -> Any:
    beginning.reopen(g.identity, survey)
    flash(_("The survey is open again."), "done")
    return redirect(url_for("surveys.survey", survey=survey), code=303)

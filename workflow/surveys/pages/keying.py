"""Doors: somebody of the team writes down what a household says on paper, by telephone or face to face."""

from __future__ import annotations

from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import RadioField
from wtforms.validators import InputRequired

from workflow import clock
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.surveys.actions import answering
from workflow.surveys.actions.answering import Way
from workflow.surveys.models import DESK
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.coded import TONGUES
from workflow.surveys.pages.filling import errors_told, numbered
from workflow.surveys.pages.follow_up import named
from workflow.surveys.pages.listing import crumbs
from workflow.surveys.pages.recipient import crumbs_of
from workflow.surveys.queries import surveys as found
from workflow.surveys.queries.homes import homes
from workflow.surveys.queries.recipients import by_code, line, lines
from workflow.surveys.queries.sheets import Sheet, answers_by, languages_of, opened
from workflow.surveys.rules.frame import CHANNELS, KEYED
from workflow.web import door, fields, spoken
from workflow.web.dates import time_of_day
from workflow.web.editing import Desk, edit

YES, NO = "yes", "no"


class FindForm(fields.Sheet):
    which = fields.name_field(
        later("Code of the letter, or reference of the household"),
        later("Type the code that stands on the sheet, or the reference of the household."),
        60,
        render_kw={"data-width": "20", "autocomplete": "off"},
    )


@surveys.route("/surveys/<survey>/key", methods=["GET", "POST"])
def find_to_key(survey: str) -> Any:
    """Which household it is: by what stands on the sheet."""
    row = found.survey(g.identity, survey)
    form = FindForm()

    def find() -> str:
        wanted = _wanted(row, form.which.data)
        if wanted is None:
            raise Refused("unknown", "No household of this survey has this code or this reference. Look again.")
        return url_for("surveys.key", survey=row.id, recipient=wanted)

    desk = Desk(
        title=_("Key answers"),
        lead=_("A sheet that came back, a household on the telephone: which one is it?"),
        back=url_for("surveys.survey", survey=row.id),
        crumbs=crumbs(row),
        verb=_("Go on"),
    )
    return edit(desk, form, find, "")


def _wanted(row: Any, typed: str) -> str | None:
    by_its_code = by_code(typed)
    if by_its_code is not None and by_its_code.survey_id == row.id:
        return by_its_code.id if homes().known(g.identity, [by_its_code.household_id]) else None
    plain = "".join(typed.split()).casefold()
    told = (one for one in lines(g.identity, row) if one.home and one.home.reference.casefold() == plain)
    return next((one.row.id for one in told), None)


class KeyForm(fields.Sheet):
    channel = RadioField(later("How the answers are given"), [InputRequired(later("Say how the answers were given."))])
    on = fields.day(
        later("Day of the answers"), later("Write the day."), description=later("On paper: the day written on it.")
    )
    lang = fields.choice(later("Language in which the household answers"), later("Choose the language."))
    agreed = RadioField(
        later("The person agrees to answer"),
        [InputRequired(later("Say whether the person agrees."))],
        description=later("One adult answers for the household. Nobody has to."),
    )


@surveys.route("/surveys/<survey>/households/<recipient>/key", methods=["GET", "POST"])
def key(survey: str, recipient: str) -> Any:
    """How the answers come; then page after page."""
    row, told = line(g.identity, survey, recipient)
    stored = answers_by(told.row, DESK)
    form = _filled(row, told, stored)

    def begin() -> str:
        agreed = form.agreed.data == YES
        way = Way(form.channel.data, g.identity.person, form.on.data, agreed, form.lang.data)
        fresh = answering.begin_keying(g.identity, survey, recipient, way)
        sheet = Sheet(row, fresh, opened(row, fresh), spoken.lang())
        if not agreed:
            answering.finish(sheet, told.row, g.identity.person)
            return url_for("surveys.recipient", survey=survey, recipient=recipient)
        return url_for("surveys.key_page", survey=survey, recipient=recipient, section=sheet.first_left)

    desk = Desk(
        title=_("Key the answers of %(name)s", name=named(told)),
        lead=_("Whether they come on paper, by telephone or face to face is kept with them, and who wrote them down."),
        back=url_for("surveys.recipient", survey=row.id, recipient=recipient),
        crumbs=crumbs_of(row),
        verb=_("Go on"),
    )
    return edit(desk, form, begin, "")


def _filled(row: Any, told: Any, stored: Any) -> KeyForm:
    today = clock.today(found.operation_of(row).zone)
    known = {"channel": "paper", "on": today, "agreed": YES, "lang": told.row.lang}
    if stored is not None:
        known |= {"channel": stored.channel, "on": stored.told_on, "lang": stored.lang}
    form = KeyForm(data=known)
    form.channel.choices = [(code, _(CHANNELS[code])) for code in KEYED]
    form.agreed.choices = [(YES, _("Yes")), (NO, _("No: this is noted, and the survey ends here"))]
    spoken_in = [one for one in languages_of(found.asked_in(row).published.form) if one in TONGUES]
    return form.choose(lang=[(one, spoken.named(one)) for one in spoken_in])


class Keying:
    """Answers that somebody of the team writes down, before that person."""

    def __init__(self, survey: str, recipient: str) -> None:
        self.row, self.told = line(g.identity, survey, recipient)
        stored = answers_by(self.told.row, DESK, lock=request.method == "POST")
        if stored is None:
            raise NotFound()
        self.sheet = Sheet(self.row, stored, opened(self.row, stored), spoken.lang())

    def url(self, endpoint: str, **more: Any) -> str:
        return url_for(f"surveys.{endpoint}", survey=self.row.id, recipient=self.told.row.id, **more)

    @property
    def over(self) -> bool:
        return self.told.finished is not None

    def page(self, name: str, **more: Any) -> str:
        return render_template(
            f"surveys/key_{name}.html",
            row=self.row,
            household=named(self.told),
            back_url=self.url("recipient"),
            crumbs=crumbs_of(self.row),
            channel=_(CHANNELS[self.sheet.stored.channel]),
            start_url=self.url("key"),
            **more,
        )


@surveys.route("/surveys/<survey>/households/<recipient>/key/<section>", methods=["GET", "POST"])
def key_page(survey: str, recipient: str, section: str) -> Any:
    keying = Keying(survey, recipient)
    if keying.over:
        return _already(keying)
    if request.method == "POST":
        return _write(keying, section)
    return _page(keying, section, strict="strict" in request.args)


def _already(keying: Keying) -> Any:
    """An answer was finished meanwhile, by the household itself perhaps: it counts, this one does not."""
    return keying.page("over", channel_done=_(CHANNELS[keying.told.finished.channel])), 409


def _page(keying: Keying, section: str, *, strict: bool) -> str:
    sheet = keying.sheet
    items = sheet.items(sheet.section(section), strict=strict)
    return keying.page(
        "page",
        title=sheet.title(sheet.section(section)),
        items=items,
        strict=strict,
        errors=errors_told(items) if strict else [],
        place_in=numbered(sheet, section),
        before=sheet.before(section),
        fill_url=keying.url("key_page", section=section),
        save_url=keying.url("key_save", section=section),
    )


def _write(keying: Keying, section: str) -> Any:
    go, sheet = request.form.get("go", "next"), keying.sheet
    try:
        errors = answering.save(sheet, keying.told.row, section, request.form)
    except Refused:
        db.session.rollback()
        return _already(Keying(keying.row.id, keying.told.row.id))
    if "update" in request.form:
        return redirect(keying.url("key_page", section=section), code=303)
    if go == "back":
        return redirect(keying.url("key_page", section=sheet.before(section) or section), code=303)
    if go == "later":
        flash(_("Everything is saved. You can go on from any device."), "done")
        return redirect(keying.url("recipient"), code=303)
    if [one for one in errors if one.kind != "required"]:
        drawn = _page(keying, section, strict=True)
        door.commit()  # the page refuses what is wrong, yet nothing typed is lost
        return drawn, 422
    after = sheet.after(section)
    return redirect(keying.url("key_page", section=after) if after else keying.url("key_finish"), code=303)


@surveys.post("/surveys/<survey>/households/<recipient>/key/<section>/save")
def key_save(survey: str, recipient: str, section: str) -> Any:
    """While one types."""
    keying = Keying(survey, recipient)
    try:
        answering.save(keying.sheet, keying.told.row, section, request.form)
    except Refused:
        return "", 409
    strict = "strict" in request.form
    items = keying.sheet.items(keying.sheet.section(section), strict=strict)
    drawn = request.headers.get("X-Relais") != "autosave"
    answer = make_response(
        render_template("surveys/_questions.html", items=items, strict=strict) if drawn else ("", 204)
    )
    answer.headers["X-Relais-Saved"] = time_of_day(clock.now(), found.operation_of(keying.row).zone)
    return answer


@surveys.route("/surveys/<survey>/households/<recipient>/finish", methods=["GET", "POST"])
def key_finish(survey: str, recipient: str) -> Any:
    """Everything page by page, then finished: from then on it counts."""
    keying = Keying(survey, recipient)
    if keying.over:
        return _already(keying)
    if request.method == "GET":
        return _finish(keying)
    try:
        answering.finish(keying.sheet, keying.told.row, g.identity.person)
    except Refused as problem:
        if problem.code == "to_correct":
            return _finish(keying), 422
        db.session.rollback()
        return _already(Keying(survey, recipient))
    flash(_("Kept: these answers count."), "done")
    return redirect(keying.url("recipient"), code=303)


def _finish(keying: Keying) -> str:
    sheet = keying.sheet
    wrong = {one.name for one in sheet.wrong()}
    told = [
        {
            "title": sheet.title(one),
            "count": sheet.answered(one),
            "wrong": one.name in wrong,
            "url": keying.url("key_page", section=one.name, **({"strict": 1} if one.name in wrong else {})),
        }
        for one in sheet.sections
    ]
    return keying.page(
        "finish", sections=told, wrong=[one for one in told if one["wrong"]], finish_url=keying.url("key_finish")
    )

"""Doors: filled forms that arrived and wait for somebody to say whose they are, or which answers hold."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from forms.instance import Instance
from forms.versions import diff
from forms.visibility import Lens, view
from workflow import access
from workflow.db import begin_reading, db
from workflow.dossiers import queries
from workflow.dossiers.actions import settling
from workflow.dossiers.models import Dossier, Submission
from workflow.dossiers.pages.answers import Drawing, sensitive_levels
from workflow.dossiers.pages.arrived_with import came_with, lens_before
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.wording import moment
from workflow.dossiers.queries import arrived as found
from workflow.errors import Invalid, NotFound
from workflow.operations.queries import operation as find_operation
from workflow.people.queries import device_names, names
from workflow.web import listed
from workflow.web.journals import note_sensitive_read
from workflow.web.listed import Column, Empty, Filter, Listed
from workflow.web.places import here
from workflow.web.spoken import label
from workflow.web.spoken import lang as spoken_lang

SHOWN = {"": ("conflict", "aside"), "aside": ("aside",), "conflict": ("conflict",), "flagged": ("flagged",)}
SHOWN["all"] = ("accepted", "flagged", "conflict", "aside")
STATES = {
    "aside": (later("whose is it?"), "waiting"),
    "conflict": (later("to compare"), "late"),
    "flagged": (later("received, answers to look at again"), "waiting"),
    "accepted": (later("received"), "done"),
}
SOURCES = {
    "phone": later("telephone or tablet"),
    "paper": later("paper"),
    "web": later("in the page"),
    "import": later("imported"),
}
WHY = {
    "other_xml": later("A form of the same name, with other answers, was received before."),
    "answered_already": later("The dossier holds answers already."),
    "not_current": later("It corrects answers that others have replaced since."),
    "changed_since": later("The answers it corrects were changed in the pages since."),
    "not_open": later("The dossier is not being filled in at the moment."),
    "other_version": later("It was filled in with another version of the form."),
    "no_dossier": later("It does not say for which household it was filled in."),
}


class GiveForm(FlaskForm):
    reference = StringField(later("Reference of the dossier"), [InputRequired(later("Write a reference."))])


# -- the list -------------------------------------------------------------------------------------------------------


@dossiers.get("/operations/<operation>/arrived")
def arrived(operation: str) -> Any:
    place = find_operation(here(g.identity))
    if place is None or not access.may_fill(g.identity, place.id):
        raise NotFound()
    state = Filter(
        "state",
        _("State"),
        [
            ("", _("To see to")),
            ("aside", _("Whose is it?")),
            ("conflict", _("To compare")),
            ("flagged", _("With answers to look at again")),
            ("all", _("All")),
        ],
    )
    asked = state.asked if state.asked in SHOWN else ""
    rows = found.arrived(g.identity, place.id, SHOWN[asked], settled=asked in ("all", "flagged"))
    every = rows if asked == "all" else found.arrived(g.identity, place.id, SHOWN["all"], settled=True)
    return listed.show(
        Listed(
            title=_("Forms received"),
            lead=_("Filled forms that came from telephones or paper, and what is to be seen to."),
            columns=_columns(rows, place.zone),
            rows=rows,
            known=len(every if asked else rows),
            empty=_empty(len(every)),
            filters=[state],
            place=place.name,
            file_name="formulaires-recus",
        )
    )  # fmt: skip


def _empty(others: int) -> Empty:
    """Nothing waits; what was seen to is still there."""
    shown = (url_for("dossiers.arrived", operation=here(g.identity), state="all"), _("See all that was received"))
    return Empty(
        _("Nothing to see to"),
        _("Forms sent from a telephone wait here when nobody knows whose they are, or answers stand there."),
        *(shown if others else ()),
    )


def _columns(rows: list[Submission], zone: str) -> list[Column]:
    known = found.dossiers_by_id({row.dossier_id for row in rows if row.dossier_id})
    people, devices = names({row.person for row in rows}), device_names({row.device for row in rows if row.device})

    def reference(row: Submission) -> str:
        return known[row.dossier_id].reference if row.dossier_id in known else ""

    def form(row: Submission) -> str:
        return label(found.given_to(row, known.get(row.dossier_id or "")).label)

    def told(row: Submission) -> dict[str, Any]:
        link = url_for("dossiers.submission", submission_id=row.id)
        return {"text": form(row), "url": link, "sub": reference(row) or _("no reference")}

    def received(row: Submission) -> dict[str, Any]:
        return {"text": moment(row.received_at, zone)}

    def state(row: Submission) -> dict[str, Any]:
        words, family = STATES[row.state]
        seen = _("seen to") if row.settled_at else str(WHY.get(row.why, ""))
        return {"text": str(words), "state": "closed" if row.settled_at else family, "sub": seen}

    return [
        Column(_("Form"), form, told, 30),
        Column(_("Dossier"), reference, width=18, on_page=False),
        Column(_("Received"), lambda row: row.received_at.date(), received, 24),
        Column(_("By whom"), lambda row: people.get(row.person, ""), width=24),
        Column(_("From"), lambda row: devices.get(row.device or "") or str(SOURCES[row.source]), width=24),
        Column(_("State"), lambda row: str(STATES[row.state][0]), state, 24),
    ]


# -- one ------------------------------------------------------------------------------------------------------------


@dossiers.get("/arrived/<submission_id>")
def submission(submission_id: str) -> Any:
    """What arrived, beside what stands in the dossier."""
    return _render(found.submission(g.identity, submission_id), GiveForm())


def _render(row: Submission, form: GiveForm) -> str:
    dossier = found.dossier_of(row)
    place = find_operation(row.operation_id)
    zone = place.zone if place else "Europe/Paris"
    lens = lens_before(row, dossier)
    answers, changes = _answers(row, dossier, lens)
    return render_template(
        "dossiers/arrived.html",
        row=row,
        form=form,
        problems=[{"id": one.id, "label": str(one.label.text), "message": one.errors[0]} for one in form if one.errors],
        when=moment(row.received_at, zone),
        who=names([row.person]).get(row.person, ""),
        device=device_names([row.device]).get(row.device, "") if row.device else "",
        state=STATES[row.state],
        why=WHY.get(row.why, ""),
        settled=moment(row.settled_at, zone) if row.settled_at else "",
        dossier_url=url_for("dossiers.dossier", reference=dossier.reference) if dossier else "",
        reference=dossier.reference if dossier else "",
        list_url=url_for("dossiers.arrived", operation=row.operation_id),
        waits=row.state in found.APART and not row.settled_at,
        sections=answers,
        changes=changes,
        form_label=label(found.given_to(row, dossier).label),
        **came_with(row, dossier, lens),
    )


def _answers(row: Submission, dossier: Dossier | None, lens: Lens) -> tuple[list[dict[str, Any]], list[Any]]:
    """The answers that arrived, and how they differ from those that stand in the dossier."""
    try:
        instance: Instance = found.instance_of(row)
    except NotFound:
        return [], []
    lang = queries.form_lang(instance.form, spoken_lang())
    shown = view(instance, lens, lang)
    subject = dossier.subject if dossier else row.subject
    note_sensitive_read(subject, g.identity.person, sensitive_levels(shown))
    changes = []
    if dossier is not None:
        present = queries.opened(dossier, queries.present_set(dossier))[0]
        changes = diff(present, instance, lang, lens)
    return Drawing(brief=True).sections(shown), changes


@dossiers.post("/arrived/<submission_id>/give")
def give_submission(submission_id: str) -> Any:
    """Say whose it is."""
    form = GiveForm()
    if form.validate():
        try:
            receipt = settling.give(g.identity, submission_id, form.reference.data or "")
        except Invalid as wrong:
            form.reference.errors = [_(one.message, **one.params) for one in wrong.errors]
        else:
            compared = receipt.state == "conflict"
            words = _("It is given to that dossier, which holds other answers: compare them.") if compared else None
            flash(words or _("The answers are in their dossier now."), "waiting" if compared else "done")
            return redirect(url_for("dossiers.submission", submission_id=submission_id), code=303)
    db.session.rollback()
    begin_reading()  # the page notes who read what: it must not hold the database meanwhile
    return _render(found.submission(g.identity, submission_id), form), 422


@dossiers.post("/arrived/<submission_id>/take")
def take_submission(submission_id: str) -> Any:
    """These answers take the place of those of the draft."""
    settling.take(g.identity, submission_id)
    flash(_("The answers received stand in the dossier now."), "done")
    return redirect(url_for("dossiers.submission", submission_id=submission_id), code=303)


@dossiers.post("/arrived/<submission_id>/leave")
def leave_submission(submission_id: str) -> Any:
    """What stands in the dossier stays."""
    settling.leave(g.identity, submission_id)
    flash(_("Nothing changes in the dossier. What was received stays here."), "done")
    return redirect(url_for("dossiers.submission", submission_id=submission_id), code=303)

"""Doors: a text is submitted: from which model, filled with what; what is discussed, until when, by whom; opened."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired

from documents.front_matter import Ask
from workflow.catalogue.queries.paper_models import PaperModelInUse, models_in_use
from workflow.charter.actions import beginning as actions
from workflow.charter.actions import wording
from workflow.charter.actions.beginning import Frame
from workflow.charter.models import Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import FrameForm
from workflow.charter.pages.words import crumbs
from workflow.charter.queries.entitled import draft_in, invited_to, may_draft
from workflow.errors import FieldError, Invalid, NotFound
from workflow.operations import queries as operations
from workflow.operations.models import Operation
from workflow.people import queries as people
from workflow.web import fields
from workflow.web.editing import Desk, edit
from workflow.web.fields import Sheet
from workflow.web.places import here

PREFIX = "asked_"


@charter.route("/operations/<operation>/drafts/new", methods=["GET", "POST"])
def begin(operation: str) -> Any:
    """Choose a model; then answer what it asks. Nobody reads the draft before it is opened."""
    place = operations.operation(here(g.identity))
    if place is None or not may_draft(g.identity, place.id):
        raise NotFound()
    models = [one for one in models_in_use(place.id) if one.about == "operation" and one.kind == "agreement"]
    chosen = next((one for one in models if one.slug == request.args.get("model")), None)
    back = url_for("charter.drafts", operation=place.id)
    if chosen is None:
        return render_template("charter/begin.html", place=place, models=models, back=back)
    form = _asked(chosen)
    desk = Desk(
        title=_("Submit “%(title)s”", title=chosen.title),
        lead=_("What you answer here is written into the first version. You change every article afterwards."),
        back=back,
        crumbs=[(back, _("Texts under discussion"))],
        verb=_("Write the first version"),
    )
    return edit(
        desk,
        form,
        lambda: _begin(place, chosen, form),
        _("The first version is written. Read it through, then say what is discussed."),
    )


def _begin(place: Operation, model: PaperModelInUse, form: Sheet) -> str:
    told = {ask.name: _read(ask, str(form[f"{PREFIX}{ask.name}"].data or "").strip()) for ask in model.asks}
    wrong = [FieldError(f"{PREFIX}{name}", message) for name, (_value, message) in told.items() if message]
    if wrong:
        raise Invalid(wrong)
    values = {name: value for name, (value, _message) in told.items()}
    row = actions.begin(g.identity, place, model, values)
    return url_for("charter.frame", reference=row.reference)


def _asked(model: PaperModelInUse) -> Sheet:
    """A form with a field for each question of the model."""
    return type("AskedOfDraft", (Sheet,), {f"{PREFIX}{ask.name}": _field(ask) for ask in model.asks})()


def _field(ask: Ask) -> UnboundField:
    needed = [InputRequired(_("Answer this question."))] if ask.required else []
    if ask.type == "choice":
        chosen = fields.choice(ask.label, _("Answer this question.") if ask.required else None)
        chosen.kwargs["choices"] = [("", _("Choose in the list")), *((one, one) for one in ask.choices)]
        return chosen
    kind = {"date": {"type": "date", "data-width": "20"}, "number": {"inputmode": "decimal", "data-width": "12"}}
    return StringField(ask.label, [*needed, fields.too_long(4000)], render_kw=kind.get(ask.type, {}))


def _read(ask: Ask, words: str) -> tuple[Any, str]:
    """(value as models read it, what is wrong)."""
    if ask.type == "number":
        plain = re.sub(r"[\s\u00a0\u202f]", "", words).replace(",", ".")
        if not plain:
            return None, ""
        good = re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", plain, re.ASCII)
        return (
            (float(plain) if "." in plain else int(plain), "")
            if good
            else (words, "Write a number, for example 12 or 412,50.")
        )
    if ask.type == "date" and words:
        french = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", words, re.ASCII)
        try:
            day = date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(words)
        except ValueError:
            return words, "Write a day, for example 31/12/2026."
        return day.isoformat(), ""
    return words, ""


@charter.route("/drafts/<reference>/frame", methods=["GET", "POST"])
def frame(reference: str) -> Any:
    """What is discussed, what is not, between which days, by whom."""
    row = draft_in(g.identity, reference)
    form = FrameForm(data=_stored(row) | {"version": str(row.version)})
    names = people.organisation_names()
    slugs = {one.organisation for one in operations.partners(row.operation_id)} | set(invited_to(row.id))
    form.organisations.choices = sorted(((one, names.get(one, one)) for one in slugs), key=lambda one: one[1])
    back = url_for("charter.draft", reference=reference)
    desk = Desk(
        title=_("What is discussed, and until when"),
        lead=_("Everybody reads this before the text itself."),
        back=back,
        crumbs=crumbs(row),
        verb=_("Save"),
    )

    def save() -> None:
        told = Frame(
            form.title.data or "",
            (form.objective.data or "").strip(),
            (form.limits.data or "").strip(),
            (form.moderation.data or "").strip(),
            form.opens.data,
            form.closes.data,
            form.public.data,
            [one for one in form.organisations.data or () if one in slugs],
        )
        actions.frame(g.identity, row, form.shown_version, told)

    return edit(desk, form, save, _("Saved."), lambda: _fresh(reference))


def _stored(row: Consultation) -> dict[str, Any]:
    told = {
        name: getattr(row, name) for name in ("title", "objective", "limits", "moderation", "opens", "closes", "public")
    }
    return told | {"organisations": invited_to(row.id)}


def _fresh(reference: str) -> tuple[Sheet, int]:
    row = draft_in(g.identity, reference)
    return FrameForm(formdata=None, data=_stored(row)), row.version


@charter.post("/drafts/<reference>/open")
def open_draft(reference: str) -> Any:
    """From its first day on, those who are invited contribute."""
    row = draft_in(g.identity, reference)
    actions.open_draft(g.identity, row, Sheet().shown_version)
    flash(_("The text is submitted. Those who are invited are told."), "done")
    return redirect(url_for("charter.draft", reference=reference), code=303)


@charter.post("/drafts/<reference>/open-again")
def open_again(reference: str) -> Any:
    """A settled version is submitted once more."""
    row = draft_in(g.identity, reference)
    wording.open_again(g.identity, row, Sheet().shown_version)
    flash(_("Choose the days during which this version is discussed."), "done")
    return redirect(url_for("charter.frame", reference=reference), code=303)

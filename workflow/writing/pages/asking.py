"""The form of one paper: what its model asks, who reads it, what is attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from documents.front_matter import Ask
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.web import fields
from workflow.web.dates import format_date
from workflow.writing.actions.writing import NewAnnex
from workflow.writing.pages.about import About
from workflow.writing.pages.words import audience_label
from workflow.writing.queries.entitled import COMMITTEE
from workflow.writing.queries.orders import attached_annexes, audiences_of
from workflow.writing.rules import asking, dating

PREFIX, DAY = "asked_", "day"
MORE_ANNEXES = 3
"""Files one may attach besides those the model announces."""
LONG = ("motif", "nouveau", "paroles", "demandes", "inquietudes", "attentes", "evolution", "questions", "limites")
"""Names of questions answered with more than a line."""


class Asked(fields.Sheet):
    """What a model asks. Every field takes text: `rules.asking` understands it, so that a spreadsheet is understood the
    same way.
    """

    asks: tuple[Ask, ...] = ()
    values: dict[str, Any]

    def understood(self, *, all_required: bool = True) -> bool:
        """Whether every answer is understood; `values` then holds them. all_required: False leaves questions open."""
        typed = {ask.name: self[f"{PREFIX}{ask.name}"].data for ask in self.asks}
        self.values, faults = asking.read_all(self.asks, typed)
        for name, (message, params) in faults.items():
            if all_required or message != asking.MISSING:
                field = self[f"{PREFIX}{name}"]
                field.errors = [*field.errors, _(message, **params)]
        return not any(field.errors for field in self)


def _field(ask: Ask) -> UnboundField:
    label = About.typeset(ask.label)
    words = label if ask.required else _("%(label)s (if there is something to say)", label=label)
    if ask.type == "choice":
        chosen = fields.choice(words)
        chosen.kwargs["choices"] = [("", _("Choose in the list")), *((one, one) for one in ask.choices)]
        return chosen
    if ask.type == "date":
        return StringField(words, render_kw={"type": "date", "data-width": "20"})
    if ask.type == "number":
        return StringField(words, render_kw={"inputmode": "decimal", "data-width": "12"})
    if ask.name in LONG:
        return TextAreaField(words, render_kw={"rows": 4})
    return StringField(words, render_kw={"maxlength": str(asking.LONGEST)})


def questions(asks: Sequence[Ask], told: Mapping[str, Any], *more: tuple[str, UnboundField], **data: Any) -> Asked:
    """A form with a field for each question, then the fields handed. told: values known already."""
    made = type("AskedOfOne", (Asked,), {f"{PREFIX}{ask.name}": _field(ask) for ask in asks} | dict(more))
    known = {f"{PREFIX}{name}": asking.as_typed(value) for name, value in told.items()}
    form = made(data=known | data)
    form.asks = tuple(asks)
    return form


def day_field() -> UnboundField:
    """The date that the paper bears."""
    hint = _("It stands on the paper. Today, unless you choose another one.")
    return fields.day(_("Date of the document"), _("Write the date of the document."), description=hint)


def well_dated(form: fields.Sheet, today: date) -> bool:
    """Whether the date of the paper is not far away; else that is said on its field."""
    day = form[DAY].data
    if day is not None and dating.too_far(day, today):
        form.refuse(DAY, dating.TOO_FAR, {"day": format_date(day, "d MMMM y")})
        return False
    return day is not None


# -- one paper ----------------------------------------------------------------------------------------------------


def of_paper(
    model: PaperModelInUse, readers: Sequence[str], sittings: Sequence[tuple[str, str]] | None, today: date
) -> Asked:
    """The form of one paper. readers: the audiences one may write for; sittings: to choose among, None: not asked."""
    more: list[tuple[str, UnboundField]] = []
    if sittings is not None:
        field = fields.choice(_("Sitting"), _("Choose the sitting."))
        field.kwargs["choices"] = [("", _("Choose in the list")), *sittings]
        more.append(("sitting", field))
    if len(audiences_of(model)) > 1:
        offered = [(name, label) for name, label in readers_of(model) if name in readers]
        hint = _("A version for each: what a reader may not see is not in it.")
        if COMMITTEE in readers and model.about != "household":
            hint += " " + _("The version of the committee is read by whoever sits in a body of this operation.")
        more.append(("readers", SelectMultipleField(_("Written for"), choices=offered, description=hint)))
    more.append((DAY, day_field()))
    more.append(("large", BooleanField(_("In large letters, for tired eyes"))))
    sitting = request.args.get("sitting", "")
    form = questions(model.asks, {}, *more, readers=list(readers[:1]), sitting=sitting, day=today)
    asked = [f"{PREFIX}{ask.name}" for ask in model.asks]
    form.groups = [
        ("", (["sitting"] if sittings is not None else []) + asked),
        (_("How it is written"), [name for name, _field_ in more if name != "sitting"]),
    ]
    return form


def readers_of(model: PaperModelInUse) -> list[tuple[str, str]]:
    """(name, what it is called) of every reader the model has."""
    labels = {one.name: one.label for one in model.audiences}
    return [(name, labels.get(name) or audience_label(name)) for name in audiences_of(model)]


def chosen_readers(form: Asked, readers: Sequence[str]) -> list[str]:
    """Who it is written for; a fault is said on the field."""
    if "readers" not in form:
        return list(readers[:1])
    chosen = [name for name in readers if name in (form["readers"].data or ())]
    if not chosen:
        form["readers"].errors = [_("Choose at least one reader.")]
    return chosen


@dataclass(frozen=True)
class AnnexField:
    """A file one may attach. title: as the model announces it, "" of any other; readers: those it is given to."""

    name: str
    title: str
    readers: tuple[str, ...]


def annex_fields(model: PaperModelInUse) -> list[AnnexField]:
    """The files one may attach, those announced first. Who gets any other file is chosen: all readers at first."""
    everybody = audiences_of(model)
    found = [AnnexField("", one.title, tuple(filter(one.is_for, everybody))) for one in attached_annexes(model)]
    found += [AnnexField("", "", everybody)] * MORE_ANNEXES
    return [replace(one, name=f"annex_{rank}", readers=_given_to(one, rank)) for rank, one in enumerate(found)]


def _given_to(one: AnnexField, rank: int) -> tuple[str, ...]:
    """The readers as they were ticked, once they are asked for."""
    if one.title or len(one.readers) < 2 or request.method == "GET":
        return one.readers
    ticked = request.form.getlist(f"annex_{rank}_for")
    return tuple(name for name in one.readers if name in ticked)


def for_nobody(model: PaperModelInUse) -> dict[str, str]:
    """{field: what is wrong} of the files that no reader would get."""
    sent = (one for one in annex_fields(model) if one.name in request.files and request.files[one.name].filename)
    return {one.name: _("Tick who gets this file.") for one in sent if not one.readers}


def new_annexes(model: PaperModelInUse) -> list[NewAnnex]:
    """The files that were sent with the form."""
    found = []
    for one in annex_fields(model):
        sent = request.files.get(one.name)
        if sent is not None and sent.filename:
            words = one.title or " ".join(request.form.get(f"{one.name}_title", "").split())[:200]
            readers = () if one.readers == audiences_of(model) else one.readers
            found.append(NewAnnex(one.name, words or _("Annex"), sent.read(), sent.mimetype, readers))
    return found

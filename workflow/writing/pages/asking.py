"""The form of one paper: what its model asks, who reads it, what is attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from documents.front_matter import Ask
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.web import fields
from workflow.writing.actions.writing import NewAnnex
from workflow.writing.pages.words import audience_label
from workflow.writing.queries.orders import attached_titles, audiences_of
from workflow.writing.rules import asking

PREFIX = "asked_"
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
    words = ask.label if ask.required else _("%(label)s (if there is something to say)", label=ask.label)
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


# -- one paper ----------------------------------------------------------------------------------------------------


def of_paper(model: PaperModelInUse, readers: Sequence[str], sittings: Sequence[tuple[str, str]] | None) -> Asked:
    """The form of one paper. readers: the audiences one may write for; sittings: to choose among, None: not asked."""
    more: list[tuple[str, UnboundField]] = []
    if sittings is not None:
        field = fields.choice(_("Sitting"), _("Choose the sitting."))
        field.kwargs["choices"] = [("", _("Choose in the list")), *sittings]
        more.append(("sitting", field))
    if len(audiences_of(model)) > 1:
        labels = {one.name: one.label for one in model.audiences}
        offered = [(name, labels.get(name) or audience_label(name)) for name in readers]
        hint = _("A version for each: what a reader may not see is not in it.")
        more.append(("readers", SelectMultipleField(_("Written for"), choices=offered, description=hint)))
    more.append(("large", BooleanField(_("In large letters, for tired eyes"))))
    form = questions(model.asks, {}, *more, readers=list(readers[:1]), sitting=request.args.get("sitting", ""))
    asked = [f"{PREFIX}{ask.name}" for ask in model.asks]
    form.groups = [
        ("", (["sitting"] if sittings is not None else []) + asked),
        (_("How it is written"), [name for name, _field_ in more if name != "sitting"]),
    ]
    return form


def chosen_readers(form: Asked, readers: Sequence[str]) -> list[str]:
    """Who it is written for; a fault is said on the field."""
    if "readers" not in form:
        return list(readers[:1])
    chosen = [name for name in readers if name in (form["readers"].data or ())]
    if not chosen:
        form["readers"].errors = [_("Choose at least one reader.")]
    return chosen


def annex_fields(model: PaperModelInUse) -> list[tuple[str, str]]:
    """(name of the field, title) of the files one may attach; those announced first."""
    announced = attached_titles(model)
    told = [(f"annex_{rank}", title) for rank, title in enumerate(announced)]
    return told + [(f"annex_{rank}", "") for rank in range(len(announced), len(announced) + MORE_ANNEXES)]


def new_annexes(model: PaperModelInUse) -> list[NewAnnex]:
    """The files that were sent with the form."""
    found = []
    for name, title in annex_fields(model):
        sent = request.files.get(name)
        if sent is not None and sent.filename:
            words = title or " ".join(request.form.get(f"{name}_title", "").split())[:200]
            found.append(NewAnnex(name, words or _("Annex"), sent.read(), sent.mimetype))
    return found

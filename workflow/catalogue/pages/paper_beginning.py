"""Door: a model of a paper is begun from nothing."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.catalogue.actions.paper_beginning import begin_model
from workflow.catalogue.pages.paper_places import ABOUT, KINDS, door, mine
from workflow.catalogue.queries.paper_models import models_in_use
from workflow.web import fields
from workflow.web.editing import Desk, page

LONGEST_TITLE, LONGEST_START = 120, 20_000
ASKED = {"signataire": "Claire Maurin", "qualite": "responsable de la mission relogement"}
"""What an example answers to the questions that every new model asks."""


class BeginForm(fields.Sheet):
    title = fields.name_field(later("Title"), later("Give the model a title."), LONGEST_TITLE)
    about = fields.choice(later("What it is about"), later("Choose what it is about."))
    kind = fields.choice(later("Kind"), later("Choose what kind of paper it is."))
    words = fields.paragraph(
        later("First words"),
        LONGEST_START,
        description=later("One or two paragraphs, an empty line between them. Left empty: places to fill."),
    )


@door("", "GET", "POST", root="/models/new")
def paper_begin(operation: str) -> Any:
    """Title, what it is about, its kind and its first words; it is then written like any other."""
    here, form = mine(operation), BeginForm()
    form.choose(about=[(one, str(words)) for one, words in ABOUT.items()])
    form.choose(kind=[(one, str(words)) for one, words in KINDS.items()])
    where = _("For the operation %(name)s only.", name=here.name) if operation else _("For every operation.")
    desk = Desk(
        title=_("A new model"),
        lead=_("%(where)s Nobody writes papers from it before you publish it.", where=where),
        back=here.crumbs[0][0],
        crumbs=here.crumbs,
        verb=_("Begin"),
    )
    if request.method == "GET":
        return page(desk, form)
    if not form.validate():
        return page(desk, form), 422
    row = begin_model(g.identity, operation, form.title.data or "", _start(form), _example(operation, form.about.data))
    flash(_("The model is begun. Change its words, see the document, then publish it."), "done")
    return redirect(here.url("paper_studio", slug=row.slug), code=303)


def _start(form: BeginForm) -> str:
    title = json.dumps(form.title.data, ensure_ascii=False)  # a JSON text is a YAML text
    told = {"about": form.about.data, "kind": form.kind.data, "words": (form.words.data or "").strip()}
    return render_template("catalogue/models/start.md", title=title, **told)


def _example(operation: str, about: str) -> dict[str, Any]:
    """Invented data of a model about the same thing, without its own questions."""
    known = (one.example for one in models_in_use(operation) if one.about == about and one.example)
    return {**next(known, {}), "asked": ASKED}

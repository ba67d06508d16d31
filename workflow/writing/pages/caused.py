"""Doors: letters that another journey asks for: which letter, dated when. To whom they go, the journey knows."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from workflow.errors import NotFound, Refused
from workflow.web import fields
from workflow.web.editing import Desk, edit
from workflow.writing.actions import letters as actions
from workflow.writing.pages import about as things
from workflow.writing.pages import asking
from workflow.writing.pages.about import About
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.letters import TO, the_operation
from workflow.writing.pages.words import by_kind
from workflow.writing.queries import letters as found
from workflow.writing.queries.merging import merge_of
from workflow.writing.queries.orders import audiences_of, texts


class CausedForm(fields.Sheet):
    model = RadioField(later("Which letter"), [InputRequired(later("Choose a letter."))])
    day = fields.day(
        later("Date of the letters"),
        later("Write the date of the letters."),
        description=later("It stands on each of them. Today, unless you choose another one."),
    )
    large = BooleanField(later("In large letters, for tired eyes"))


@writing_blueprint.route("/operations/<operation>/letters/for/<cause>", methods=["GET", "POST"])
def letters_for(operation: str, cause: str) -> Any:
    about, merge = the_operation(), merge_of(cause)
    endpoint, told = merge.back(cause)
    title, ids = merge.title(g.identity, cause), merge.households(g.identity, cause)
    models = [one for one in _models(about) if any(f"{merge.reads}." in text for text in texts(one))]
    if not models:
        raise NotFound()
    form = CausedForm(data={"day": things.today(about), "model": models[0].slug})
    form.model.choices = [(one.slug, one.title) for one in models]

    def begin() -> str:
        if not asking.well_dated(form, things.today(about)):
            raise Refused("day", "Write the date of the letters.")
        model = next(one for one in models if one.slug == form.model.data)
        rows = found.by_ids(g.identity, about.place.id, ids)
        how = {"large": bool(form.large.data), "day": form.day.data, "cause": cause}
        run = actions.begin(g.identity, about.known, model, TO, rows, **how)
        return url_for("writing.run", operation=operation, run=run.id)

    back = url_for(endpoint, **told)
    desk = Desk(
        title=title,
        lead=ngettext("%(num)s household is to be written to.", "%(num)s households are to be written to.", len(ids)),
        back=back,
        crumbs=[(back, _("Go back"))],
        verb=_("Prepare the letters"),
        notice=_("You see every letter before anything is written, and may leave households out."),
    )
    return edit(desk, form, begin, "")


def _models(about: About) -> list[Any]:
    known = by_kind(things.written.fitting(g.identity, about.place.id, "household"))
    return [one for one in known if TO in audiences_of(one)]

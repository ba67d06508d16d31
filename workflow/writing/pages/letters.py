"""Doors: letters to many households: the list of them, and a new one."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from workflow.db import db
from workflow.dossiers.rules import STATES
from workflow.errors import NotFound, Refused
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web import fields, listed
from workflow.web.dates import stamp
from workflow.web.spoken import label
from workflow.writing.actions import letters as actions
from workflow.writing.models import DONE, DROPPED, PREPARING, RUNNING, STOPPED, WRITTEN, LetterRun
from workflow.writing.pages import about as things
from workflow.writing.pages import asking
from workflow.writing.pages.about import About
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.words import by_kind
from workflow.writing.queries import letters as found
from workflow.writing.queries.entitled import may_write_to_households
from workflow.writing.queries.letters import Wanted
from workflow.writing.queries.merging import reads_a_merge
from workflow.writing.queries.orders import audiences_of, texts

STATES_OF_A_RUN = {
    PREPARING: (later("being prepared"), "todo"),
    RUNNING: (later("being written"), "waiting"),
    STOPPED: (later("stopped"), "late"),
    DONE: (later("written"), "done"),
    DROPPED: (later("thrown away"), "closed"),
}
TO = "household"
"""Who reads a letter to many."""


def the_operation() -> About:
    """The operation of the address, for whoever writes to its households. NotFound for everybody else."""
    about = things.an_operation()
    if not may_write_to_households(g.identity, about.place.id):
        raise NotFound()
    return about


@writing_blueprint.get("/operations/<operation>/letters")
def letters(operation: str) -> Any:
    """Every letter that was written to many households there, or is being prepared."""
    about = the_operation()
    rows = found.runs(g.identity, about.place.id)
    counts, names = found.counts([row.id for row in rows]), people.names({row.made_by for row in rows})
    add = (url_for("writing.new_letters", operation=operation), _("Write to several households"))

    def how_many(row: LetterRun) -> str:
        told = counts[row.id]
        return _("%(done)s of %(count)s", done=told[WRITTEN], count=told["chosen"])

    return listed.show(
        listed.Listed(
            title=_("Letters to several households"),
            lead=_("One letter written from a model for many households: one sealed paper each, one bundle to print."),
            columns=[
                listed.Column(
                    _("Letter"),
                    titled,
                    lambda row: {"text": titled(row), "url": url_for("writing.run", operation=operation, run=row.id)},
                    width=44,
                ),
                listed.Column(_("Begun"), lambda row: stamp(row.made_at), width=30),
                listed.Column(_("By"), lambda row: names.get(row.made_by, ""), width=24),
                listed.Column(_("Written"), how_many, width=14),
                listed.Column(
                    _("State"),
                    lambda row: str(STATES_OF_A_RUN[row.state][0]),
                    lambda row: {"text": str(STATES_OF_A_RUN[row.state][0]), "state": STATES_OF_A_RUN[row.state][1]},
                ),
            ],
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s letter", "%(num)s letters", count),
            empty=listed.Empty(
                _("No letter to several households yet"),
                _("Choose a model and the households: you see every letter before anything is written."),
                *add,
            ),
            primary=add,
            place=about.place.name,
            file_name="courriers",
            private=False,
        )
    )


def titled(row: LetterRun) -> str:
    """With which of its lots it is, where there are several."""
    if row.lots == 1:
        return row.title
    return _("%(title)s, lot %(lot)s of %(lots)s", title=row.title, lot=row.lot, lots=row.lots)


class NewLettersForm(fields.Sheet):
    model = RadioField(later("Which letter"), [InputRequired(later("Choose a letter."))])
    tranche = fields.choice(later("Phase"))
    building = fields.choice(later("Building"))
    landlord = fields.choice(later("Landlord"))
    referent = fields.choice(later("Followed by"))
    state = fields.choice(later("Situation"))
    day = fields.day(
        later("Date of the letters"),
        later("Write the date of the letters."),
        description=later("It stands on each of them. Today, unless you choose another one."),
    )
    large = BooleanField(later("In large letters, for tired eyes"))

    @property
    def wanted(self) -> Wanted:
        told = {name: self[name].data or "" for name in ("tranche", "building", "landlord", "referent", "state")}
        return Wanted(**told)


@writing_blueprint.route("/operations/<operation>/letters/new", methods=["GET", "POST"])
def new_letters(operation: str) -> Any:
    """Which letter, to which households."""
    about = the_operation()
    models = [one for one in _models(about) if TO in audiences_of(one)]
    form = _filled(about, models)
    if request.method == "GET":
        return _new(about, form)
    whole, dated = form.validate(), asking.well_dated(form, things.today(about))
    if not whole or not dated:
        return _new(about, form), 422
    model = next(one for one in models if one.slug == form.model.data)
    rows = found.households(g.identity, about.place.id, form.wanted)
    try:
        how = {"large": bool(form.large.data), "day": form.day.data}
        run = actions.begin(g.identity, about.known, model, TO, rows, **how)
    except Refused as problem:
        db.session.rollback()
        form.refuse("tranche", problem.message, problem.params)
        return _new(the_operation(), form), 422
    return redirect(url_for("writing.run", operation=operation, run=run.id), code=303)


def _models(about: About) -> list[Any]:
    """Letters first, then notices and sheets."""
    known = things.written.fitting(g.identity, about.place.id, "household")
    return by_kind([one for one in known if not reads_a_merge(texts(one))])  # those are begun where they are asked for


def _filled(about: About, models: list[Any]) -> NewLettersForm:
    form, place = NewLettersForm(data={"day": things.today(about)}), about.place.id
    every, referents = _("All"), _referents(place)
    form.model.choices = [(one.slug, one.title) for one in models]
    for name, choices in {
        "tranche": [(row.id, label(row.label)) for row in operations.tranches(place)],
        "building": [(row.id, row.name) for row in operations.buildings(place)],
        "landlord": [(row.slug, row.name) for row in operations.landlords(place)],
        "referent": referents,
        "state": [(state, _(words)) for state, (words, _family) in STATES.items() if state != "purged"],
    }.items():
        form[name].choices = [("", every), *choices]
    return form


def _referents(place: str) -> list[tuple[str, str]]:
    """Who follows households there."""
    return sorted(people.names(found.referents(g.identity, place)).items(), key=lambda one: one[1])


def _new(about: About, form: NewLettersForm) -> str:
    return render_template(
        "writing/letters_new.html",
        about=about,
        form=form,
        crumbs=[(url_for("writing.letters", operation=about.place.id), _("Letters to several households"))],
    )

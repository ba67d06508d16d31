"""Doors: one paper is written: what its model asks, how it would look, then the paper itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from documents.annexes import AnnexFile
from documents.findings import ModelRefused
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.db import db
from workflow.errors import Invalid, NotFound, Refused
from workflow.filing.rules.scans import fault_of, kind_of
from workflow.people import queries as people
from workflow.web.dates import format_date
from workflow.writing import actions
from workflow.writing.actions import NewAnnex
from workflow.writing.pages import about as things
from workflow.writing.pages import asking, drafts
from workflow.writing.pages.about import About
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.figures import figure_told
from workflow.writing.pages.words import audience_label, said
from workflow.writing.queries import bodies
from workflow.writing.queries.entitled import may_have
from workflow.writing.queries.orders import (
    Wish,
    audiences_of,
    figures_read,
    lang_of,
    order,
    tells_of_a_sitting,
    told_of,
)


@writing_blueprint.route("/households/<household_id>/write/<slug>", methods=["GET", "POST"])
def to_household(household_id: str, slug: str) -> Any:
    return _page(things.a_household(household_id), slug)


@writing_blueprint.route("/operations/<operation>/write/<slug>", methods=["GET", "POST"])
def for_operation(operation: str, slug: str) -> Any:
    return _page(things.an_operation(), slug)


@writing_blueprint.route("/operations/<operation>/bodies/<body>/write/<slug>", methods=["GET", "POST"])
def for_body(operation: str, body: str, slug: str) -> Any:
    return _page(things.a_body(body), slug)


@dataclass
class Desk:
    """One paper on its way: about what, from which model, for which readers of those this person may write for."""

    about: About
    model: PaperModelInUse
    readers: list[str]
    form: asking.Asked

    @property
    def body_row(self) -> Any:
        return self.about.body

    def wish(self, annexes: tuple[AnnexFile, ...] = ()) -> Wish:
        chosen = self.form["sitting"].data if "sitting" in self.form else ""
        about = self.about
        return Wish(
            model=self.model,
            known=about.known,
            day=self.form[asking.DAY].data,
            household=about.household,
            body=about.body,
            sitting=bodies.sitting_of(about.body, chosen) if about.body is not None and chosen else None,
            asked=self.form.values,
            large=bool(self.form["large"].data),
            annexes=annexes,
            writer=people.person(g.identity.person),
        )


def _desk(about: About, slug: str) -> Desk:
    about.check_writing()
    model = next((one for one in about.fitting() if one.slug == slug), None)
    if model is None:
        raise NotFound()
    place = about.place.id
    secretary = about.body is not None and g.identity.person in about.body.secretaries
    readers = [one for one in audiences_of(model) if secretary or may_have(g.identity, place, one, about.kind)]
    return Desk(about, model, readers, asking.of_paper(model, readers, _sittings(about, model), things.today(about)))


def _sittings(about: About, model: PaperModelInUse) -> list[tuple[str, str]] | None:
    if about.body is None or not tells_of_a_sitting(model):
        return None
    return [
        (row.id, _("No. %(number)s, %(day)s", number=row.number, day=format_date(row.held_on, "full")))
        for row in bodies.sittings_of(about.body)
    ]


def _page(about: About, slug: str) -> Any:
    """The form; a draft of it; the paper."""
    desk = _desk(about, slug)
    if request.method == "GET":
        return _show(desk)
    faults = asking.for_nobody(desk.model)
    if not _understood(desk) or faults:
        return _show(desk, faults=faults), 422
    step = request.form.get("step", "write")
    if step in ("look", "pdf"):
        return _draft(desk, whole=step == "pdf")
    return _write(desk)


def _understood(desk: Desk) -> bool:
    """Each part is looked at, so that everything to be mended is said at once."""
    whole, answered = desk.form.validate(), desk.form.understood()
    chosen = asking.chosen_readers(desk.form, desk.readers)
    dated = asking.well_dated(desk.form, things.today(desk.about))
    return whole and answered and bool(chosen) and dated


def _draft(desk: Desk, *, whole: bool) -> Any:
    readers = asking.chosen_readers(desk.form, desk.readers)
    sent = asking.new_annexes(desk.model)
    wish = desk.wish(tuple(_as_annex(one, rank) for rank, one in enumerate(sent, start=1) if not fault_of(one.data)))
    asked = order(told_of(wish), readers[0], drafts.DRAFT, None)
    made = drafts.drafted(asked, pictures=not whole)
    if whole:
        return drafts.as_file(made, desk.model.slug)
    return _show(_desk(desk.about, desk.model.slug), desk.form, draft=made, reader=readers[0], again=bool(sent))


def _as_annex(one: NewAnnex, rank: int) -> AnnexFile:
    return AnnexFile(f"annexe-{rank}", kind_of(one.data) or "", one.data, one.title, one.audiences)


def _write(desk: Desk) -> Any:
    readers = asking.chosen_readers(desk.form, desk.readers)
    try:
        row = actions.write(g.identity, desk.wish(), readers, asking.new_annexes(desk.model))
    except Invalid as problem:
        db.session.rollback()
        faults = {error.field: _(error.message, **error.params) for error in problem.errors}
        return _show(_desk(desk.about, desk.model.slug), desk.form, faults=faults), 422
    except ModelRefused as problem:
        db.session.rollback()
        return _show(_desk(desk.about, desk.model.slug), desk.form, refused=said(problem.findings)), 409
    except Refused as problem:
        db.session.rollback()
        again = _desk(desk.about, desk.model.slug)
        return _show(again, desk.form, refused=[_(problem.message, **problem.params)]), 409
    flash(_("The document is being written."), "done")
    return redirect(url_for("writing.written", written_id=row.id), code=303)


def _show(desk: Desk, form: asking.Asked | None = None, **more: Any) -> str:
    """form: what was sent; draft, reader: how it would look; faults: of annexes; refused: why it cannot be written."""
    about, form = desk.about, form or desk.form
    told = {"draft": None, "reader": "", "faults": {}, "refused": [], "again": False} | more
    annexes = [
        {"name": one.name, "title": one.title, "error": told["faults"].get(one.name, ""), "readers": one.readers}
        for one in asking.annex_fields(desk.model)
    ]
    problems = form.problems + [
        {"id": one["name"], "label": one["title"] or _("Annex"), "message": one["error"]}
        for one in annexes
        if one["error"]
    ]
    return render_template(
        "writing/write.html",
        **told | {"reader": audience_label(told["reader"]) if told["reader"] else ""},
        about=about,
        model=desk.model,
        spoken=lang_of(desk.model.text),
        form=form,
        annexes=annexes,
        readers=asking.readers_of(desk.model),
        problems=problems,
        figures=[figure_told(one) for one in figures_read(desk.model, about.known)],
        lacking=drafts.lacking_words(told["draft"]) if told["draft"] else "",
        crumbs=[*about.crumbs, (about.papers_url, _("Papers"))],
    )

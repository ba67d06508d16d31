"""Doors: one deed of writing: how far its papers are, their bytes, annulled, handed over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms.validators import DataRequired

from workflow import access, clock
from workflow.db import db
from workflow.errors import Invalid, NotFound, Refused
from workflow.filing import queries as filing
from workflow.filing.models import READY, Paper
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.record.queries import text
from workflow.web import fields
from workflow.web.dates import format_date, stamp
from workflow.web.editing import Step, confirm
from workflow.web.sizes import size
from workflow.writing import actions
from workflow.writing.models import Written
from workflow.writing.pages import about as things
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.words import audience_label, state_of
from workflow.writing.queries import written as found
from workflow.writing.queries.entitled import audiences_for, may_annul
from workflow.writing.rules.handing import HOW


class AnnulForm(fields.Sheet):
    reason = fields.paragraph(later("Why it is annulled"), 1000)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.reason.validators = [DataRequired(later("Say why.")), *self.reason.validators[1:]]


@writing_blueprint.get("/written/<written_id>")
def written(written_id: str) -> str:
    """What was written, for whom, how far it is, and what can be done with it."""
    row = found.written(g.identity, written_id)
    return render_template("writing/written.html", **_state(row))


@writing_blueprint.get("/written/<written_id>/progress")
def progress(written_id: str) -> str:
    """The fragment the page asks for again until every paper is there."""
    return render_template("writing/_files.html", **_state(found.written(g.identity, written_id)))


@writing_blueprint.get("/written/<written_id>/<reference>.<form>")
def paper(written_id: str, reference: str, form: str) -> Response:
    """The bytes of a paper, for who may have it. NotFound for everybody else."""
    row = found.written(g.identity, written_id)
    known = next((one for one in found.papers_of(g.identity, row) if one.reference == reference), None)
    if known is None or form not in filing.FORMATS:
        raise NotFound()
    copy = filing.void_copies([known]).get(known.id)
    if known.void_at and copy is None:
        raise NotFound("This document was annulled.")
    answer = make_response(filing.bytes_of(copy or known, form))
    answer.mimetype = filing.FORMATS[form]
    name = f"{row.model}-{known.audience}-{known.reference}{'-annule' if copy else ''}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@writing_blueprint.route("/written/<written_id>/annul", methods=["GET", "POST"])
def annul(written_id: str) -> Any:
    """On a page that says the consequence."""
    row = found.written(g.identity, written_id)
    if not may_annul(g.identity, row):
        raise NotFound()
    back = url_for("writing.written", written_id=row.id)
    if row.void_at and request.method == "GET":
        return redirect(back, code=303)
    step = Step(
        title=_("Annul “%(title)s”", title=row.title),
        consequence=_(
            "It counts no more. Whoever checks its reference reads that it was annulled; "
            "a copy that says so on every page takes its place. This may be undone."
        ),
        verb=_("Annul this document"),
        back=back,
        crumbs=[(back, row.title)],
    )
    form = AnnulForm()
    done = _("The document is annulled.")
    return confirm(step, form, lambda: actions.annul(g.identity, row, form.reason.data or ""), done)


@writing_blueprint.post("/written/<written_id>/restore")
def restore(written_id: str) -> Any:
    row = found.written(g.identity, written_id)
    try:
        actions.restore(g.identity, row)
    except Refused as problem:
        db.session.rollback()
        return _refused(written_id, _(problem.message, **problem.params))
    flash(_("The document counts again."), "done")
    return redirect(url_for("writing.written", written_id=row.id), code=303)


@writing_blueprint.post("/written/<written_id>/handed-over")
def hand_over(written_id: str) -> Any:
    """Say how it was handed over, or take that back."""
    row = found.written(g.identity, written_id)
    if request.form.get("undo"):
        actions.take_back(g.identity, [row])
        flash(_("Nothing is said of it any more."), "done")
        return redirect(url_for("writing.written", written_id=row.id), code=303)
    form = HandForm()
    try:
        if not form.validate():
            return render_template("writing/written.html", **_state(row, form)), 422
        count = actions.hand_over(g.identity, [row], form.how.data, form.day.data, _zone(row))
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return render_template("writing/written.html", **_state(row, form)), 422
    if not count:
        db.session.rollback()
        return _refused(written_id, _("Somebody was faster than you: see below what they noted."))
    flash(_("Noted: it was handed over."), "done")
    return redirect(url_for("writing.written", written_id=row.id), code=303)


def _refused(written_id: str, words: str) -> tuple[str, int]:
    """The page as it stands now, with what was refused."""
    row = found.written(g.identity, written_id)
    return render_template("writing/written.html", **_state(row), refusal=words), 409


class HandForm(fields.Sheet):
    how = fields.choice(later("How it was handed over"), later("Say how they were handed over."))
    day = fields.day(later("On which day"), later("Say on which day."))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.choose(how=[(code, _(words)) for code, words in HOW.items()])


def _zone(row: Written) -> str:
    place = find_operation(row.operation_id)
    return place.zone if place else "Europe/Paris"


# -- the page -----------------------------------------------------------------------------------------------------


def _state(row: Written, form: HandForm | None = None) -> dict[str, Any]:
    papers = found.papers_of(g.identity, row)
    copies = filing.void_copies(papers)
    shown = [copies.get(paper.id, paper) if row.void_at else paper for paper in papers]
    ready = [one.state == READY for one in shown]
    failed = not all(ready) and found.failed(shown)
    about = things.of(row)
    names = people.names({row.made_by, row.handed_by, row.void_by} - {""})
    may = may_annul(g.identity, row)
    form = form or HandForm(day=clock.today(_zone(row)))
    return {
        "row": row,
        "about": about,
        "crumbs": [*about.crumbs, (about.papers_url, _("Papers"))],
        "state": state_of(row, ready=all(ready), failed=failed),
        "done": all(ready) or failed,
        "failed": failed,
        "ready": sum(ready),
        "total": len(shown),
        "files": [card for told, one in zip(papers, shown, strict=True) for card in _cards(row, told, one)],
        "facts": _facts(row, names, audiences_for(g.identity, row)),
        "may": may,
        "form": form,
        "problems": form.problems,
        "handed": _handed(row, names),
        "voided": _voided(row, names),
        "to_sign": [
            (one.reference, url_for("signing.prepare", reference=one.reference)) for one in _signable(row, shown)
        ],
        "progress_url": url_for("writing.progress", written_id=row.id),
    }


def _signable(row: Written, shown: list[Paper]) -> list[Paper]:
    """Those that this reader may have signed."""
    coordinates = access.may_set_up(g.identity, row.operation_id) or access.may_fill(g.identity, row.operation_id)
    return [one for one in shown if one.state == READY] if coordinates and row.void_at is None else []


def _cards(row: Written, told: Paper, one: Paper) -> list[dict[str, Any]]:
    """The sealed PDF, then the working copy. one: the paper, or its annulled copy."""
    if one.state != READY:
        return []
    name = row.title if len(row.audiences) < 2 else f"{row.title} – {audience_label(told.audience)}"
    sealed = _("sealed, reference %(reference)s", reference=told.reference)
    state = ("refused", _("annulled")) if row.void_at else ("done", sealed)
    files = [
        {"format": "PDF", "size": size(one.pdf_size), "state": state[0], "state_label": state[1], "form": "pdf"},
        {
            "format": "DOCX",
            "size": size(one.docx_size),
            "note": _("Working copy: only the PDF counts."),
            "form": "docx",
        },
    ]
    return [
        file | {"name": name, "url": url_for("writing.paper", written_id=row.id, reference=told.reference, form=form)}
        for file in files
        if (form := file.pop("form")) == "pdf" or one.docx_name
    ]


def _facts(row: Written, names: dict[str, str], mine: Collection[str]) -> list[dict[str, str]]:
    """mine: the versions this reader may have; an annex of none of them is not even named."""
    given = (one for one in row.annexes if not one.get("audiences") or set(mine) & set(one["audiences"]))
    annexes = ", ".join(one["title"] for one in given)
    told = [
        {"label": _("Written for"), "value": ", ".join(map(audience_label, row.audiences))},
        {"label": _("Dated"), "value": format_date(row.day, "full")},
        {"label": _("Written by"), "value": f"{names.get(row.made_by, '')}, {stamp(row.made_at)}"},
    ]
    return told + ([{"label": _("Annexes"), "value": annexes}] if annexes else [])


def _handed(row: Written, names: dict[str, str]) -> str:
    if not row.handed_on:
        return ""
    how, day = _(HOW.get(row.handed_how, "")), format_date(row.handed_on, "full")
    return _("Handed over %(how)s on %(day)s, as %(who)s noted.", how=how, day=day, who=names.get(row.handed_by, ""))


def _voided(row: Written, names: dict[str, str]) -> str:
    if row.void_at is None:
        return ""
    told = _("Annulled on %(when)s by %(who)s.", when=stamp(row.void_at), who=names.get(row.void_by, ""))
    return f"{told} {text(row.void_reason) or ''}".strip()

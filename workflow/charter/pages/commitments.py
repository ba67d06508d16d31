"""Doors: who promised what in a settled text, until when, and where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow import clock
from workflow.charter.actions import committing as actions
from workflow.charter.models import SETTLED, Commitment, Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import one_of
from workflow.charter.pages.words import crumbs, headings
from workflow.charter.queries import committed, drafts
from workflow.charter.queries.entitled import come_in, draft_in
from workflow.operations.queries import partners
from workflow.people import queries as people
from workflow.web import fields, listed
from workflow.web.editing import Desk, edit
from workflow.web.fields import Sheet

TENANTS = "-"
STATES = {
    "open": ("todo", later("to be kept")),
    "kept": ("done", later("kept")),
    "late": ("late", later("late")),
    "dropped": ("closed", later("not kept")),
}


class CommitmentForm(Sheet):
    bearer = fields.choice(later("Who promised it"), later("Say who promised it."))
    words = fields.words(later("What is promised"), 500)
    article = fields.choice(later("In which article"), later("Choose the article it is about."))
    due = fields.day(later("Until"), description=later("Leave it empty where it always holds."))
    state = one_of(later("Where it stands"), [(code, words) for code, (_family, words) in STATES.items()], "open")
    said = fields.words(later("What everybody should know"), 500)


@charter.get("/drafts/<reference>/commitments")
def commitments(reference: str) -> Any:
    """By bearer, with their day."""
    row, reader = come_in(g.identity, reference)
    rows, named = committed.commitments(row), headings(drafts.current_parts(row))
    writes = reader.drafts and row.state == SETTLED
    names = people.organisation_names()
    today = clock.today(drafts.zone_of(row))
    new = url_for("charter.new_commitment", reference=reference)
    return listed.show(
        listed.Listed(
            title=_("Commitments"),
            lead=_("Who promised what in “%(title)s”, and where it stands.", title=row.title),
            columns=_columns(row, named, names, today, writes=writes),
            rows=rows,
            known=len(rows),
            empty=listed.Empty(
                _("No commitment is written down yet"),
                _("Once the text is settled, what each signatory promised stands here with its day."),
                new if writes else "",
                _("Write one down") if writes else "",
            ),
            counted=lambda count: ngettext("%(num)s commitment", "%(num)s commitments", count),
            place=row.title,
            file_name="engagements",
            primary=(new, _("Write one down")) if writes else None,
            private=False,
        )
    )


def _columns(
    row: Consultation, named: dict[str, str], names: dict[str, str], today: date, *, writes: bool
) -> list[listed.Column]:
    def promised(one: Commitment) -> listed.Cell:
        url = url_for("charter.commitment", reference=row.reference, commitment_id=one.id)
        return {"text": one.words, "url": url} if writes else {"text": one.words}

    def state(one: Commitment) -> tuple[str, str]:
        late = one.state == "open" and one.due is not None and one.due < today
        family, words = STATES["late" if late else one.state]
        return family, str(words)

    def state_cell(one: Commitment) -> listed.Cell:
        family, words = state(one)
        return {"text": words, "state": family, "sub": one.said}

    return [
        listed.Column(
            _("Who promised it"), lambda one: names.get(one.bearer, one.bearer) or _("The tenants"), width=30
        ),
        listed.Column(_("What is promised"), lambda one: one.words, promised, width=60),
        listed.Column(_("Article"), lambda one: named.get(one.article, ""), width=34),
        listed.Column(_("Until"), lambda one: one.due, width=16),
        listed.Column(_("Where it stands"), lambda one: state(one)[1], state_cell, width=20),
        listed.Column(_("What everybody should know"), lambda one: one.said, width=40, on_page=False),
    ]


@charter.route("/drafts/<reference>/commitments/new", methods=["GET", "POST"])
def new_commitment(reference: str) -> Any:
    return _edit(draft_in(g.identity, reference), None)


@charter.route("/drafts/<reference>/commitments/<commitment_id>", methods=["GET", "POST"])
def commitment(reference: str, commitment_id: str) -> Any:
    row = draft_in(g.identity, reference)
    return _edit(row, committed.one_of(row, commitment_id))


def _edit(row: Consultation, found: Commitment | None) -> Any:
    form = _filled(row, CommitmentForm(data=_stored(found)))
    back = url_for("charter.commitments", reference=row.reference)
    desk = Desk(
        title=_("A commitment"),
        lead=_("Everybody who reads the text reads it."),
        back=back,
        crumbs=crumbs(row, (back, _("Commitments"))),
        verb=_("Save"),
    )
    known = found.id if found is not None else ""

    def save() -> None:
        bearer = form.bearer.data or ""
        told = actions.Promise(
            form.article.data or "",
            "" if bearer == TENANTS else bearer,
            form.words.data or "",
            form.due.data,
            form.state.data,
            form.said.data or "",
        )
        actions.put_commitment(g.identity, row, known, form.shown_version, told)

    def fresh() -> tuple[Sheet, int]:
        stored = committed.one_of(row, known)
        return _filled(row, CommitmentForm(formdata=None, data=_stored(stored))), stored.version

    return edit(desk, form, save, _("Saved."), fresh if known else None)


def _stored(found: Commitment | None) -> dict[str, Any]:
    if found is None:
        return {"state": "open"}
    told = {name: getattr(found, name) for name in ("words", "article", "due", "state", "said")}
    return told | {"bearer": found.bearer or TENANTS, "version": str(found.version)}


def _filled(row: Consultation, form: CommitmentForm) -> CommitmentForm:
    names = people.organisation_names()
    slugs = dict.fromkeys(one.organisation for one in partners(row.operation_id))
    form.choose(
        bearer=[*((one, names.get(one, one)) for one in slugs), (TENANTS, _("The tenants"))],
        article=list(headings(drafts.current_parts(row)).items()),
    )
    return form

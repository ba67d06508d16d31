"""Doors: the papers of a draft: asked for, downloaded; who signs the settled text; its publication."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import SelectMultipleField

from workflow import outbox
from workflow.charter.actions import papers as actions
from workflow.charter.models import SETTLED, Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import long_text
from workflow.charter.pages.words import crumbs
from workflow.charter.queries.entitled import come_in, draft_in
from workflow.charter.queries.orders import signers
from workflow.errors import NotFound, Refused
from workflow.filing import queries as filing
from workflow.filing.models import READY, Paper
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web import fields
from workflow.web.dates import format_date, stamp
from workflow.web.editing import Desk, Step, confirm, edit
from workflow.web.fields import Sheet
from workflow.web.sizes import size


class SignersForm(Sheet):
    organisations = SelectMultipleField(later("Organisations that sign"), choices=[], validate_choice=False)
    tenants = long_text(
        later("Tenants who sign, mandated by the others"),
        longest=2000,
        rows=3,
        description=later("One name on each line."),
    )
    mandated_on = fields.day(later("Mandated on"))


def files_of(row: Consultation) -> list[dict[str, Any]]:
    """The latest text and the latest table, each as PDF and DOCX; what is being made, or could not be."""
    names = {actions.TEXT: _("The text"), actions.ANSWERS: _("Contributions and answers")}
    latest: dict[str, Paper] = {}
    for one in filing.papers(row.subject):
        if one.void_at is None:
            latest.setdefault(one.kind, one)
    making = [f"paper:{one.id}" for one in latest.values() if one.state != READY]
    stuck = set(outbox.given_up(actions.MAKE, making)) if making else set()
    return [
        {
            "name": names[kind],
            "reference": one.reference,
            "ready": one.state == READY,
            "stuck": f"paper:{one.id}" in stuck,
            "at": stamp(one.made_at) if one.made_at else "",
            "signing": kind == actions.TEXT and row.state == SETTLED and bool(row.signers),
            "files": [_file(row, one, form) for form in ("pdf", "docx")] if one.state == READY else [],
        }
        for kind in (actions.TEXT, actions.ANSWERS)
        if (one := latest.get(kind)) is not None
    ]


def _file(row: Consultation, paper: Paper, form: str) -> dict[str, str]:
    return {
        "url": url_for("charter.paper", reference=row.reference, paper=paper.reference, form=form),
        "format": form.upper(),
        "size": size(paper.pdf_size if form == "pdf" else paper.docx_size),
    }


@charter.post("/drafts/<reference>/papers")
def ask_paper(reference: str) -> Any:
    """The text, or the table of contributions and answers, as it stands now."""
    row, reader = come_in(g.identity, reference)
    kind = request.form.get("kind", "")
    if kind not in (actions.TEXT, actions.ANSWERS) or not reader.drafts:
        raise NotFound()
    if kind == actions.TEXT and row.state == SETTLED and row.signers:
        raise Refused("to_sign", "The text to be signed is written already: choose again who signs to write it anew.")
    title = row.title if kind == actions.TEXT else _("Contributions and answers: %(title)s", title=row.title)
    actions.ask(row, kind, title)
    flash(_("The document is being written. You may leave this page and come back."), "done")
    return redirect(url_for("charter.draft", reference=reference, _anchor="papers"), code=303)


@charter.get("/drafts/<reference>/papers/<paper>.<form>")
def paper(reference: str, paper: str, form: str) -> Response:
    row, _reader = come_in(g.identity, reference)
    return download(row, paper, form)


def download(row: Consultation, reference: str, form: str) -> Response:
    """One file of a paper of this draft. Raises NotFound."""
    known = next((one for one in filing.papers(row.subject) if one.reference == reference), None)
    if known is None or known.void_at is not None or form not in filing.FORMATS:
        raise NotFound()
    answer = make_response(filing.bytes_of(known, form))
    answer.mimetype = filing.FORMATS[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{known.kind}-{known.reference}.{form}"'
    return answer


@charter.route("/drafts/<reference>/signers", methods=["GET", "POST"])
def signers_of(reference: str) -> Any:
    """Who signs the settled text: it is then written with a place for each of them."""
    row = draft_in(g.identity, reference)
    if row.state != SETTLED:
        raise Refused("not_settled", "Settle on a version first: what is signed does not change any more.")
    told = signers(row)
    form = SignersForm(
        data={
            "organisations": told.get("organisations", ()),
            "tenants": "\n".join(told.get("tenants", ())),
            "version": str(row.version),
        }
    )
    names = people.organisation_names()
    slugs = [one.organisation for one in operations.partners(row.operation_id)]
    form.organisations.choices = [(one, names.get(one, one)) for one in dict.fromkeys(slugs)]
    desk = Desk(
        title=_("Who signs this text"),
        lead=_("The text is written with a place for each of them. Then have it signed, like any other document."),
        back=url_for("charter.draft", reference=reference, _anchor="papers"),
        crumbs=crumbs(row),
        verb=_("Write the text to be signed"),
        notice=_("Mandated on %(day)s.", day=told["day"]) if told.get("day") else "",
    )

    def save() -> None:
        chosen = [one for one in form.organisations.data or () if one in slugs]
        names_typed = [" ".join(one.split())[:200] for one in (form.tenants.data or "").splitlines() if one.strip()]
        who = actions.Signers(chosen, names_typed, form.mandated_on.data)
        actions.write_to_sign(g.identity, row, form.shown_version, who)

    return edit(desk, form, save, _("The document is being written. You may leave this page and come back."))


@charter.route("/drafts/<reference>/publish", methods=["GET", "POST"])
def publish(reference: str) -> Any:
    """Everybody reads it, on its public page."""
    row = draft_in(g.identity, reference)
    step = Step(
        title=_("Publish “%(title)s”", title=row.title),
        consequence=_(
            "Everybody reads this version on its public page, with the contributions that may be published and what "
            "came of them. It is not opened for contributions again."
        ),
        verb=_("Publish it"),
        back=url_for("charter.draft", reference=reference),
        crumbs=crumbs(row),
        danger=False,
    )
    return confirm(step, Sheet(), lambda: actions.publish(g.identity, row), _("The text is published."))


def published_on(row: Consultation) -> str:
    return format_date(row.published_at.date(), "long") if row.published_at else ""

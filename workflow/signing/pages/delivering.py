"""Doors: whoever runs a room sends the complete file again, or notes that a printed copy was given or posted."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from documents.authority import NoKey
from workflow import clock
from workflow.errors import NotFound, Refused
from workflow.filing import queries as filing
from workflow.signing.actions import copying, delivering, proving
from workflow.signing.actions.delivering import HandedOver
from workflow.signing.models import COMPLETE
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries import deliveries, evidence, proofs
from workflow.signing.queries.entitled import come_in, may_have, prepare_in
from workflow.signing.queries.rooms import Open
from workflow.signing.rules.deliveries import DAYS, WAYS
from workflow.web import fields
from workflow.web.editing import Desk, edit


class SendForm(fields.Sheet):
    mail = fields.email(later("E-mail address"), later("Give the address to which the mail goes."))


class HandOverForm(fields.Sheet):
    how = fields.choice(later("In which way"), later("Choose one of the ways."))
    on = fields.day(later("On which day"), later("Say on which day: today or before."))

    def fill(self) -> HandOverForm:
        self.choose(how=[(code, _(words)) for code, words in WAYS.items()])
        return self


def _complete(reference: str) -> Open:
    known = prepare_in(g.identity, reference)
    if known.row.state != COMPLETE:
        raise NotFound()
    return known


def _desk(known: Open, title: str, lead: str, verb: str) -> Desk:
    back = url_for("signing.room", reference=known.row.reference, _anchor="copies")
    return Desk(title=title, lead=lead, back=back, crumbs=[(back, _("Signatures"))], verb=verb)


@signing.route("/rooms/<reference>/copies/<delivery_id>/send", methods=["GET", "POST"])
def send_copy(reference: str, delivery_id: str) -> Any:
    """A link to the complete file, which opens for some weeks; an earlier one is dead."""
    known = _complete(reference)
    row = deliveries.delivery(known, delivery_id)
    form = SendForm(data={"mail": deliveries.address_of(known, row)})
    desk = _desk(
        known,
        _("Send the document to %(name)s", name=known.party(row.party).acting.name),
        _("A link leaves by mail. It opens for %(count)s days, and an earlier one opens nothing any more.", count=DAYS),
        _("Send the link"),
    )
    return edit(
        desk,
        form,
        lambda: delivering.send(g.identity, reference, delivery_id, form.mail.data or ""),
        _("The link is about to leave."),
    )


@signing.route("/rooms/<reference>/copies/<delivery_id>/hand-over", methods=["GET", "POST"])
def hand_over(reference: str, delivery_id: str) -> Any:
    """A printed copy was given or posted."""
    known = _complete(reference)
    row = deliveries.delivery(known, delivery_id)
    form = HandOverForm(data={"on": clock.today(known.zone)}).fill()
    desk = _desk(
        known,
        _("A printed copy for %(name)s", name=known.party(row.party).acting.name),
        _("Print the document from its page, hand it over or post it, then note it here."),
        _("Note it"),
    )

    def save() -> None:
        delivering.hand_over(g.identity, reference, delivery_id, HandedOver(form.how.data or "", form.on.data))

    return edit(desk, form, save, _("Noted: this party has the document."))


# -- the evidence -------------------------------------------------------------------------------------------------


@signing.post("/rooms/<reference>/evidence")
def make_evidence(reference: str) -> Any:
    """Made anew: it then tells how things stand now."""
    come_in(g.identity, reference)
    proving.ask_anew(g.identity, reference)
    flash(_("The evidence is being made: it stands here in a moment."), "done")
    return redirect(url_for("signing.room", reference=reference, _anchor="evidence"), code=303)


@signing.get("/rooms/<reference>/evidence.<form>")
def evidence_file(reference: str, form: str) -> Response:
    """The latest evidence, as a sealed PDF or as the data inside it."""
    known = come_in(g.identity, reference)
    row = evidence.latest(known.row.id)
    if row is None or form not in ("pdf", "json") or not evidence.may_read(g.identity, known):
        raise NotFound()
    data = evidence.bytes_of(known.row, row)
    answer = make_response(data if form == "pdf" else proofs.data_in(data))
    answer.mimetype = f"application/{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="preuve-{reference}.{form}"'
    return answer


# -- the working copy ---------------------------------------------------------------------------------------------


@signing.get("/rooms/<reference>/working-copy.zip")
def working_copy(reference: str) -> Response:
    """The Word file with its seal beside it, for those who may have the paper."""
    known = come_in(g.identity, reference)
    if not known.paper.docx_name or not may_have(g.identity, known.paper):
        raise NotFound()
    try:
        data = copying.sealed_copy(filing.bytes_of(known.paper, "docx"), known.paper.reference)
    except NoKey as fault:
        raise Refused("no_key", "This installation cannot seal at the moment.") from fault
    answer = make_response(data)
    answer.mimetype = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{known.paper.reference}-word.zip"'
    return answer

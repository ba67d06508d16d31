"""Doors: what was signed by hand is handed in: one scan for one signatory or several."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectMultipleField

from documents.fields import sizes
from workflow import clock
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.filing import queries as filing
from workflow.people import queries as people
from workflow.signing.actions import on_paper
from workflow.signing.models import OPEN
from workflow.signing.pages import words as said
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries import revisions
from workflow.signing.queries.entitled import come_in, prepare_in
from workflow.signing.queries.rooms import Open
from workflow.signing.queries.standing import ASKED, LATER, scans, where
from workflow.web import fields
from workflow.web.dates import format_date
from workflow.web.editing import Desk, edit
from workflow.web.press import stamped

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class PaperForm(fields.Sheet):
    """A signed paper, scanned."""

    signatories = SelectMultipleField(later("Whose signatures it bears"))
    scan = FileField(later("The scan of all its pages (PDF or picture)"))
    signed_on = fields.day(later("Signed on which day"), later("Say on which day it was signed: today or before."))
    place = fields.words(later("In which place"), 120)
    attested = BooleanField(later("I compared this paper with the document: it is the same, page by page."))

    def handed(self) -> on_paper.Handed:
        data = self.scan.data.read() if self.scan.data else b""
        chosen = tuple(self.signatories.data or ())
        return on_paper.Handed(chosen, data, self.signed_on.data, self.place.data or "", bool(self.attested.data))


@signing.route("/rooms/<reference>/paper", methods=["GET", "POST"])
def paper(reference: str) -> Any:
    """One scan, several signatories if need be; a named person attests that it is the same document."""
    known = prepare_in(g.identity, reference)
    if known.row.state != OPEN:
        raise Refused("closed", "This room is over.")
    form, back = PaperForm(), url_for("signing.room", reference=reference)
    left = [one.party for one in where(known, clock.now()) if one.state in (ASKED, LATER)]
    form.signatories.choices = [(one.id, one.acting.name) for one in left]
    desk = Desk(
        title=_("Signed on paper"),
        lead=_("The scan is kept with the document. It stays a signature on paper: nothing is called electronic."),
        back=back,
        crumbs=[(back, _("Signatures"))],
        verb=_("Keep this signed paper"),
        template="signing/on_paper.html",
    )
    return edit(desk, form, lambda: _record(known, form), _("The signatures on paper are recorded."))


def _record(known: Open, form: PaperForm) -> None:
    told, reference = form.handed(), known.row.reference
    stamps = _stamps(known, told) if told.attested and told.data and told.signed_on else {}
    db.session.rollback()
    on_paper.record(g.identity, reference, told, stamps)


def _stamps(known: Open, told: on_paper.Handed) -> dict[str, bytes]:
    """What will stand in the boxes: that they signed on paper, and who attests it."""
    boxes = sizes(revisions.bytes_of(known.row, revisions.present(known.row)))
    attests = people.names([g.identity.person]).get(g.identity.person, "")
    day = format_date(told.signed_on, "long")
    lines = {
        one.id: (
            one.row.field,
            [
                *said.in_the_box(one),
                _("Signed on paper on %(day)s", day=day),
                _("Conformity attested by %(name)s", name=attests),
            ],
        )
        for one in known.parties
        if one.id in told.signatories and one.row.field in boxes
    }
    db.session.rollback()  # no transaction is held while they are drawn
    return {ident: stamped(said, None, *boxes[field]) for ident, (field, said) in lines.items()}


@signing.get("/rooms/<reference>/scans/<scan_id>")
def scan(reference: str, scan_id: str) -> Response:
    """A signed paper that was handed in."""
    known = come_in(g.identity, reference)
    found = next((one for one in scans(known.row.id) if one.id == scan_id), None)
    if found is None:
        raise NotFound()
    kept = filing.file(found.file_id)
    answer = make_response(filing.bytes_of_file(kept))
    answer.mimetype = kept.mime
    name = f"{reference}-papier.{ENDINGS.get(kept.mime, 'bin')}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

"""Doors: a party receives the complete file, by a link that needs no access. GET and HEAD change nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, abort, g, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock
from workflow.circuit.deadlines import last_day
from workflow.db import Scope, db, scoped
from workflow.errors import NotFound
from workflow.signing.actions import delivering
from workflow.signing.models import SUBJECT, Delivery
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries import deliveries
from workflow.signing.queries.contact import whom_to_call
from workflow.signing.queries.deliveries import FILE, Item
from workflow.signing.queries.rooms import Open, by_subject
from workflow.web import journals
from workflow.web.dates import format_date
from workflow.web.extensions import LANGUAGES

GONE = 410
GUESSES, WITHIN = 30, timedelta(minutes=15)


@signing.route("/r/<token>", methods=["GET", "POST"])
def receive(token: str) -> Any:
    """Says which document it is; a button downloads it, and that it was opened is then written."""
    row = deliveries.by_token(token)
    if row is None:
        return _unknown()
    with scoped(Scope(frozenset((row.operation_id,)))):
        known = Open(by_subject(f"{SUBJECT}{row.room_id}"))
        with force_locale(_language(known, row)):
            if row.expires_at is None or row.expires_at <= clock.now():
                return _over(known, "expired")
            try:
                if request.method == "POST":
                    return handed(*delivering.open_by_link(row.id, request.form.get("what", "")))
                return _start(known, row)
            except NotFound:  # it was erased with its paper
                return _over(known, "erased")


@signing.post("/rooms/<reference>/copy")
def take_copy(reference: str) -> Response:
    """A signatory with an access receives the file on their page."""
    return handed(*delivering.take(g.identity, reference, request.form.get("what", "")))


def _start(known: Open, row: Delivery) -> str:
    contact = whom_to_call(known.row)
    until = format_date(last_day(row.expires_at, known.zone), "full") if row.expires_at else ""
    return render_template(
        "signing/receive.html",
        title=known.title,
        reference=known.paper.reference,
        signed_on=format_date(known.row.closed_at, "full") if known.row.closed_at else "",
        asking=contact.organisation,
        contact=_call(known),
        names=[one.acting.name for one in known.parties],
        files=[{"what": one.what, "label": label_of(one)} for one in deliveries.items(known)],
        until=until,
        original=known.row.original if deliveries.is_signed_file(known.row.id) else "paper",
    )


def label_of(item: Item) -> str:
    if item.what == FILE:
        return _("Download the signed document")
    return _("Download the document signed on paper (scan %(number)s)", number=item.number)


def handed(item: Item, data: bytes) -> Response:
    answer = make_response(data)
    answer.mimetype = item.mime
    answer.headers["Content-Disposition"] = f'attachment; filename="{item.name}"'
    return answer


def _call(known: Open) -> dict[str, str]:
    contact = whom_to_call(known.row)
    return {"name": contact.name, "capacity": contact.organisation, "phone": contact.phone}


def _over(known: Open, fate: str) -> Any:
    return render_template("signing/receive_over.html", fate=fate, contact=_call(known)), GONE


def _unknown() -> Any:
    """Guesses are counted by where they come from, in a transaction of its own."""
    db.session.rollback()
    if journals.too_many("link", request.remote_addr or "", GUESSES, WITHIN):
        abort(429)
    return render_template("signing/receive_over.html", fate="unknown"), GONE


def _language(known: Open, row: Delivery) -> str:
    try:
        own = deliveries.lang_of(known, row)
    except NotFound:
        own = "fr"
    wanted = (request.args.get("lang"), request.cookies.get("lang"), own)
    return next((one for one in wanted if one in LANGUAGES), "fr")

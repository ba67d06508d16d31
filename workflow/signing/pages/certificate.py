"""What is read when somebody signs with their own certificate. Its file and password are in memory for one request:
nothing writes them, gives them back in the page, or remembers the form by them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _

from documents.holders import Holder
from workflow import clock
from workflow.db import db
from workflow.errors import FieldError, Invalid, Refused
from workflow.signing.actions import with_certificate
from workflow.signing.actions.signing import Act, Signer
from workflow.signing.actions.with_certificate import MOST_BYTES, Handed
from workflow.signing.pages import typed
from workflow.signing.queries.certificates import certificates
from workflow.web import journals
from workflow.web.dates import format_date, stamp

TRIES, WITHIN = 20, timedelta(hours=1)


def ready(who: Signer) -> tuple[Act, str]:
    """What signs, and what is said once it has. Raises Invalid, Refused. No transaction is held meanwhile."""
    told, handed, zone = typed.told(), _handed(), who.known.zone
    name, ident = who.party.acting.name, who.party.id  # read before the session lets go of them
    db.session.rollback()
    if journals.too_many("signing-certificate", ident, TRIES, WITHIN):
        raise Refused("too_many", "This was tried too often. Try again in an hour, or call us.")
    try:
        keys = with_certificate.opened(name, told, handed)
    except Invalid as problem:
        raise Invalid([_in_words(one) for one in problem.errors]) from None
    how = [_("Signed with a certificate on %(when)s", when=stamp(clock.now(), zone))]
    how.append(_("Certificate of %(name)s, issued by %(issuer)s", name=keys.name, issuer=keys.issuer))
    drawn = typed.drawn(who, told.mark, how)
    return with_certificate.signing_with(keys, told, drawn), _said(keys.holder)


def _handed() -> Handed:
    sent = request.files.get("certificate")
    data = sent.read(MOST_BYTES + 1) if sent and sent.filename else b""
    return Handed(data, request.form.get("password", "")[:1000], bool(request.form.get("other_name")))


def _in_words(error: FieldError) -> FieldError:
    """Days as they are read."""
    if "date" not in error.params:
        return error
    day = format_date(date.fromisoformat(str(error.params["date"])), "long")
    return replace(error, params={**error.params, "date": day})


def _said(holder: Holder) -> str:
    return _(
        "You have signed. The document bears your signature, made with the certificate of %(name)s.", name=holder.name
    )


def described(name: str, issuer: str, since: Any, until: Any, *, qualified: bool) -> str:
    """What a certificate says, in one sentence; that it is qualified is its own word."""
    told = _(
        "Certificate of %(name)s, issued by %(issuer)s, valid from %(since)s to %(until)s.",
        name=name,
        issuer=issuer,
        since=format_date(since.date(), "long"),
        until=format_date(until.date(), "long"),
    )
    if qualified:
        told = _("%(told)s It says that it is a qualified certificate: this was not checked here.", told=told)
    return told


def sentences(room_id: str) -> dict[str, list[str]]:
    """{signatory: what the certificates behind their signature say}, for the page of the room."""
    told: dict[str, list[str]] = {}
    for one in certificates(room_id):
        if one.name or one.issuer:
            said = described(one.name, one.issuer, one.since, one.until, qualified=one.row.claims_qualified)
            told.setdefault(one.row.signatory_id, []).append(said)
    return told

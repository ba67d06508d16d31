"""The pages on which a document goes out to another signing tool and comes back signed, from a session or a link: what
came is looked over and kept, confirmed by somebody, then taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow import clock
from workflow.db import db
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused
from workflow.signing.actions import returning
from workflow.signing.actions.signing import Act, Signer
from workflow.signing.models import DROPPED, HELD_BACK, LOOKED_OVER, OPEN, TAKEN, Arrival, Revision
from workflow.signing.pages import certificate
from workflow.signing.pages.forms import place_label
from workflow.signing.pages.signing import is_asked
from workflow.signing.queries import arrivals, revisions, rooms
from workflow.signing.queries.arrivals import Opened
from workflow.signing.rules.names import bears
from workflow.web import door, journals
from workflow.web.dates import stamp

TRIES, WITHIN = 30, timedelta(days=1)
STATES: dict[str, tuple[str, Any]] = {
    LOOKED_OVER: ("waiting", later("to be confirmed")),
    HELD_BACK: ("refused", later("not taken")),
    TAKEN: ("done", later("taken")),
    DROPPED: ("closed", later("set aside")),
}
"""{what became of a file: (its family of shape and colour, its word)}."""


@dataclass(frozen=True)
class Bench:
    """Where a signed file is handed in. signer: whoever signs, read anew; sign: what carries an act out; by: who hands
    it in; template: of the page, whose other one ends in "_arrival"; arrival: the address of what was handed in.
    """

    signer: Callable[[], Signer]
    sign: Callable[[Signer, Act], Revision]
    by: str
    template: str
    here: str
    back: str
    file: str
    arrival: Callable[[str], str]
    more: Callable[[], dict[str, Any]] = dict


def show_bench(bench: Bench) -> Any:
    """What is to be done elsewhere, and the place to hand the signed file in."""
    if request.method == "GET":
        return _page(bench)
    try:
        found = _hand_in(bench)
    except Invalid as problem:
        db.session.rollback()
        errors = [{"id": one.field, "message": _(one.message, **one.params)} for one in problem.errors]
        return _page(bench, errors), 422
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(bench, refusal=_(problem.message, **problem.params)), 409
    if found.state == HELD_BACK:
        return _page(bench, held_back=arrivals.opened(found)), 409
    return redirect(bench.arrival(found.id), code=303)


def _hand_in(bench: Bench) -> Arrival:
    """Looked over and kept, in a transaction that is committed whatever is answered."""
    who, came = bench.signer(), _file()
    _may_still(who)
    out, ident = returning.out_for(who.known, who.party), who.party.id
    db.session.rollback()  # no transaction is held while the file is read
    if journals.too_many("signing-arrival", ident, TRIES, WITHIN):
        raise Refused("too_many", "Many files were handed in today: try again tomorrow, or call us.")
    told = returning.look_over(out, came, clock.now())
    who = bench.signer()
    found = returning.keep_arrival(who, out, came, told, bench.by)
    door.commit()
    return found


def _file() -> bytes:
    sent = request.files.get("file")
    if not sent or not sent.filename:
        raise Invalid([FieldError("file", "Choose the signed file.")])
    came = sent.read()
    if not came:
        raise Invalid([FieldError("file", "This file is empty.")])
    return came


def _may_still(who: Signer) -> None:
    row = who.known.row
    if row.state != OPEN or not is_asked(who):
        raise Refused("not_open", "It is not your turn to sign now.")
    if rooms.is_over(row, clock.today(who.known.zone)):
        raise Refused("too_late", "The last day to sign has passed. Ask whoever opened the signatures for more time.")


def reason(told: Opened) -> str:
    """Why a file is not taken; "" of one that may be."""
    return _(told.fault.message, **told.fault.params) if told.fault else ""


def changes(told: Opened) -> list[str]:
    """What differs in it, page by page."""
    return [_(message, **params) for message, params in told.changes]


def _page(
    bench: Bench, errors: list[dict[str, str]] | None = None, refusal: str = "", held_back: Opened | None = None
) -> str:
    who = bench.signer()
    told = {"errors": errors or [], "refusal": refusal, "back": bench.back, **bench.more()}
    if held_back:
        told |= {"held_back": reason(held_back), "changes": changes(held_back)}
    return render_template(f"signing/{bench.template}.html", **told, **outward(who, bench.here, bench.file))


def outward(who: Signer, here: str, file: str) -> dict[str, Any]:
    """What the instructions say. here: where the signed file is handed in; file: where the document is fetched."""
    present, party = revisions.present(who.known.row), who.party
    return {
        "title": who.known.title,
        "reference": who.known.paper.reference,
        "name": party.acting.name,
        "seen": present.after,
        "place": place_label(party.row.field) if party.row.field else "",
        "qualified": party.row.level == "qualified",
        "elsewhere_url": here,
        "file_url": file,
    }


# -- what came ----------------------------------------------------------------------------------------------------


def show_arrival(bench: Bench, arrival_id: str) -> Any:
    """Whose certificates are in it; then it is taken as the signature, or set aside."""
    if request.method == "GET":
        return _arrival_page(bench, arrival_id)
    try:
        if request.form.get("do") == "aside":
            returning.set_aside(bench.signer(), arrival_id)
            flash(_("This file is set aside: it is kept, and counts as nobody’s signature."), "done")
            return redirect(bench.here, code=303)
        bench.sign(bench.signer(), lambda who: returning.take(who, arrival_id))
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _arrival_page(bench, arrival_id, _(problem.message, **problem.params)), 409
    flash(_("The signature is recorded. The document is now the one that came back, with it."), "done")
    return redirect(bench.back, code=303)


def _arrival_page(bench: Bench, arrival_id: str, refusal: str = "") -> str:
    who = bench.signer()
    row = arrivals.arrival(who.known.row.id, arrival_id)
    if row.signatory_id != who.party.id:
        raise NotFound()
    told, name = arrivals.opened(row), who.party.acting.name
    return render_template(
        f"signing/{bench.template}_arrival.html",
        title=who.known.title,
        reference=who.known.paper.reference,
        name=name,
        found=[_described(one, who.known.zone) for one in told.found],
        other_name=not any(bears(one.name, name) for one in told.found),
        undecided=row.state == LOOKED_OVER,
        badge=STATES[row.state],
        reason=reason(told),
        changes=changes(told),
        refusal=refusal,
        back=bench.back,
        here=bench.here,
        **bench.more(),
    )


def _described(one: Any, zone: str) -> dict[str, str]:
    said = certificate.described(one.name, one.issuer, one.since, one.until, qualified=one.claims_qualified)
    when = _("Signed on %(when)s.", when=stamp(one.at, zone)) if one.at else ""
    return {"name": one.name, "certificate": said, "when": when}

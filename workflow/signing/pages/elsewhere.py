"""Doors: a document goes out to another signing tool and comes back signed; what was handed in is listed."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, redirect, request, url_for
from flask_babel import gettext as _

from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.signing.actions import coding, returning
from workflow.signing.actions.signing import Act, Signer
from workflow.signing.models import LOOKED_OVER, Arrival, Revision
from workflow.signing.pages.bench import STATES, Bench, changes, reason, show_arrival, show_bench
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries import arrivals
from workflow.signing.queries.entitled import come_in, prepare_in, runs
from workflow.signing.queries.links import outsider_of
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.queries.standing import ASKED, Where
from workflow.signing.rules.channels import PARAPHEUR
from workflow.web.dates import stamp

COOKIE = "relais_signing"


@signing.route("/rooms/<reference>/signatories/<signatory_id>/elsewhere", methods=["GET", "POST"])
def elsewhere(reference: str, signatory_id: str) -> Any:
    """For whoever runs the room, and for the signatory once they typed their code."""
    bench = _bench(reference, signatory_id)
    if _must_type_code(reference, signatory_id):
        return redirect(url_for("signing.sign", reference=reference, signatory_id=signatory_id), code=303)
    return show_bench(bench)


@signing.route("/rooms/<reference>/arrivals/<arrival_id>", methods=["GET", "POST"])
def arrival(reference: str, arrival_id: str) -> Any:
    """What was found in a file that was handed in."""
    known = come_in(g.identity, reference)
    row = arrivals.arrival(known.row.id, arrival_id)
    return show_arrival(_bench(reference, row.signatory_id), arrival_id)


@signing.get("/rooms/<reference>/arrivals/<arrival_id>/file")
def arrival_file(reference: str, arrival_id: str) -> Response:
    """The very bytes that were handed in, for whoever runs the room."""
    known = prepare_in(g.identity, reference)
    row = arrivals.arrival(known.row.id, arrival_id)
    answer = make_response(arrivals.bytes_that_came(known.row, row))
    answer.mimetype = "application/octet-stream"  # nobody said what it is: it is saved, never opened here
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-retour.pdf"'
    return answer


def _bench(reference: str, signatory_id: str) -> Bench:
    """Raises NotFound for whoever neither runs the room nor signs there, and for those who sign in another way."""
    known = come_in(g.identity, reference)
    party = known.party(signatory_id)
    own = party.person == g.identity.person
    if party.row.channel != PARAPHEUR or not (own or runs(g.identity, known.row)):
        raise NotFound()

    def signer() -> Signer:
        held = come_in(g.identity, reference)
        return returning.signer_elsewhere(g.identity, held, held.party(signatory_id))

    def sign(who: Signer, act: Act) -> Revision:
        return coding.sign_inside(who, act, request.cookies.get(COOKIE)) if own else act(who)

    address = {"reference": reference, "signatory_id": signatory_id}
    return Bench(
        signer=signer,
        sign=sign,
        by=g.identity.person,
        template="elsewhere",
        here=url_for("signing.elsewhere", **address),
        back=url_for("signing.room", reference=reference),
        file=url_for("signing.file", reference=reference),
        arrival=lambda ident: url_for("signing.arrival", reference=reference, arrival_id=ident),
    )


def _must_type_code(reference: str, signatory_id: str) -> bool:
    """Whether it is the signatory, who has not shown yet that it is them."""
    known = come_in(g.identity, reference)
    party, person = known.party(signatory_id), g.identity.person
    return party.person == person and not coding.proven(known, party, person, request.cookies.get(COOKIE))


# -- on the page of the room --------------------------------------------------------------------------------------


def addresses(known: Open, several: list[Where]) -> dict[str, str]:
    """{signatory who is asked now and signs elsewhere: where the file goes out and comes back}, for who runs it."""
    away = [one.party for one in several if one.state == ASKED and one.party.row.channel == PARAPHEUR]
    return {one.id: _address(known, one) for one in away}


def _address(known: Open, party: Party) -> str:
    return url_for("signing.elsewhere", reference=known.row.reference, signatory_id=party.id)


def handed_in(known: Open) -> list[dict[str, Any]]:
    """Every file that came back, for whoever runs the room."""
    rows = arrivals.arrivals(known.row.id)
    inside = people.names({one.by for one in rows})
    outside = {outsider_of(one): one.acting.name for one in known.parties}
    return [_handed(known, one, inside.get(one.by) or outside.get(one.by, "")) for one in rows]


def _handed(known: Open, row: Arrival, by: str) -> dict[str, Any]:
    address, told = {"reference": known.row.reference, "arrival_id": row.id}, arrivals.opened(row)
    family, word = STATES[row.state]
    return {
        "words": _("Handed in on %(when)s by %(name)s", when=stamp(row.at, known.zone), name=by),
        "for": known.party(row.signatory_id).acting.name,
        "family": family,
        "word": word,
        "reason": reason(told),
        "changes": changes(told),
        "signed": ", ".join(one.name for one in told.found),
        "url": url_for("signing.arrival", **address) if row.state == LOOKED_OVER else "",
        "file_url": url_for("signing.arrival_file", **address),
    }

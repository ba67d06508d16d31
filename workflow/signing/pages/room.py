"""Doors: one room: what is prepared, then who signed how and when, who is asked now, what is missing."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, render_template, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.queries import offers, standing
from workflow.approvals.queries.personal_links import links_on, state
from workflow.circuit import commands as c
from workflow.db import db
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.people import queries as people
from workflow.record.queries import facts, text
from workflow.signing.actions.running import outsider_of
from workflow.signing.models import COMPLETE, OPEN, PREPARING, Room
from workflow.signing.pages import after, certificate, elsewhere
from workflow.signing.pages import words as said
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.forms import place_label
from workflow.signing.pages.links import links_url
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.entitled import come_in, runs
from workflow.signing.queries.proposing import places_in
from workflow.signing.queries.readiness import lacking
from workflow.signing.queries.rooms import Open
from workflow.signing.queries.standing import ASKED, NOT_NEEDED, REFUSED, SIGNED, Where, is_mixed, scans, where
from workflow.signing.rules.channels import PAPER
from workflow.signing.rules.words import LINK_STATES
from workflow.web import looked_at
from workflow.web.dates import format_date, stamp
from workflow.web.press import NotPrinted


@signing.get("/rooms/<reference>")
def room(reference: str) -> str:
    """Whoever runs it prepares it there; then everybody who signs sees how far it is."""
    known = come_in(g.identity, reference)
    if known.row.state == PREPARING:
        if not runs(g.identity, known.row):
            raise NotFound()
        return prepared_page(known)
    return render_template("signing/room.html", **_shown(known))


def prepared_page(known: Open, *, tried: bool = False) -> str:
    """Before the signatures are open. tried: what lacks is said as an error."""
    row, lacks = known.row, lacking(known)
    told = {
        "row": row,
        "title": known.title,
        "paper": known.paper,
        "people": [_prepared(known, one) for one in where(known, clock.now())],
        "lacks": [_(one.message, **one.params) for one in lacks],
        "tried": tried,
        "problems": [
            {"id": f"who-{one.seat}" if one.seat else "who", "message": _(one.message, **one.params)} for one in lacks
        ],
        "places": [place_label(one) for one in places_in(known.paper)],
        "levels": said.levels(),
        "facts": _manner(row),
        "crumbs": _crumbs(known),
    }
    return render_template("signing/prepare.html", **told)


def _prepared(known: Open, one: Where) -> dict[str, Any]:
    party, row = one.party, one.party.row
    address = {"reference": known.row.reference, "signatory_id": party.id}
    access = people.names([row.person_id]).get(row.person_id, "") if row.person_id else ""
    group = _("group %(name)s, %(count)s of them must sign", name=row.group, count=row.needed) if row.group else ""
    reached = (access and _("signs from their own pages")) or party.words.mail or party.words.postal
    return {
        "id": party.id,
        "rank": one.rank,
        "name": party.words.name or _("to be named"),
        "capacity": ", ".join(filter(None, (party.words.capacity, party.words.organisation))),
        "channel": said.channel(row.channel),
        "level": said.level(row.level)[0] if row.channel != PAPER else "",
        "place": place_label(row.field) if row.field else "",
        "reached": reached,
        "mandate": said.mandate_of(party),
        "group": group,
        "url": url_for("signing.signatory", **address),
    }


def _manner(row: Room) -> list[dict[str, str]]:
    delay = _("%(count)s working days for each rank", count=row.delay) if row.delay else _("no deadline")
    original = _("the document on paper") if row.original == "paper" else _("the electronic file")
    closing = _("closed with a last time stamp") if row.archive else _("not closed")
    if row.seal == "last":
        closing = _("sealed once more, then %(closed)s", closed=closing)
    return [
        {"label": _("Deadline"), "value": delay},
        {"label": _("Last day to sign"), "value": format_date(row.until, "full") if row.until else _("none")},
        {"label": _("Which one counts when some sign on paper"), "value": original},
        {"label": _("The complete file is"), "value": closing},
    ]


def _crumbs(known: Open) -> list[tuple[str, str]]:
    place = known.row.operation_id
    return [
        (url_for("filing.papers", operation=place), _("Papers")),
        (url_for("signing.rooms", operation=place), _("Signatures")),
    ]


# -- under way ----------------------------------------------------------------------------------------------------


def _shown(known: Open) -> dict[str, Any]:
    row, now = known.row, clock.now()
    several, course = where(known, now), standing(known.row.subject)
    may = {one.possible.command for one in offers(g.identity, course)}
    mine = [one for one in several if one.state == ASKED and one.party.person == g.identity.person]
    running = runs(g.identity, row)
    over = row.state == OPEN and rooms.is_over(row, clock.today(known.zone))
    present = revisions.present(row)
    return {
        "row": row,
        "title": known.title,
        "paper": known.paper,
        "badge": ("late", _("the last day has passed")) if over else said.state_badge(row),
        "ranks": _ranks(several),
        "people": [_signer(known, one, running) for one in several],
        "mine": [_mine(known, one) for one in mine] if not over else [],
        "running": running and row.state == OPEN,
        "links_url": links_url(known),
        **after.shown(known),
        "over": over,
        "may_take_back": c.TakeBack in may and _is_mine(known, present.signatory_id),
        "stopped": _stopped(known, several),
        "refused_by": next((one.party.acting.name for one in several if one.state == REFUSED), ""),
        "medium": _medium(row, several),
        "mark": present.after,
        "pages_url": url_for("signing.page", reference=row.reference, number=1),
        "file_url": url_for("signing.file", reference=row.reference),
        "facts": _facts(known),
        "earlier": _linked(rooms.room_by_id(row.replaces)),
        "later": _linked(rooms.next_version(row)),
        "joined": _linked(rooms.room_by_id(row.accession_to)),
        "accessions": [_linked(one) for one in rooms.accessions(row) if not after.is_amendment_in(one)],
        "scans": _scans(known),
        "certificates": certificate.sentences(row.id),
        "elsewhere": elsewhere.addresses(known, several) if running else {},
        "handed_in": elsewhere.handed_in(known) if running else [],
        "complete": row.state == COMPLETE,
        "may_follow": runs(g.identity, row) and row.state != OPEN,
        "papers_url": url_for("filing.papers", operation=row.operation_id),
        "crumbs": _crumbs(known),
    }


def _ranks(several: list[Where]) -> list[dict[str, str]]:
    """The drawn line: one entry for each rank."""
    told = []
    for rank in sorted({one.rank for one in several}):
        here = [one for one in several if one.rank == rank]
        names = ", ".join(one.party.acting.name for one in here if one.state != NOT_NEEDED)
        done = all(one.state in (SIGNED, NOT_NEEDED) for one in here)
        refused = any(one.state == REFUSED for one in here)
        asked = any(one.state == ASKED for one in here)
        state_ = "done" if done else "returned" if refused else "current" if asked else "todo"
        word = _("refused") if refused else ""
        told.append({"label": _("Rank %(number)s", number=rank), "state": state_, "who": names, "word": word})
    return told


def _signer(known: Open, one: Where, running: bool) -> dict[str, Any]:
    party, row = one.party, one.party.row
    family, word, sentence = said.state_of(one, known.zone)
    address = {"reference": known.row.reference, "signatory_id": party.id}
    asked = one.state == ASKED and running
    outside = asked and party.person is None
    attested = people.names([one.recorded_by]).get(one.recorded_by, "") if one.recorded_by else ""
    return {
        "id": party.id,
        "rank": one.rank,
        "name": party.acting.name,
        "capacity": ", ".join(filter(None, (party.acting.capacity, party.words.organisation))),
        "instead_of": party.words.name if party.stand_in else "",
        "channel": said.channel(row.channel) if one.state != SIGNED else "",
        "level": said.level(row.level)[0] if row.channel != PAPER else "",
        "mandate": said.mandate_of(party),
        "family": family,
        "word": word,
        "sentence": sentence,
        "attested": attested if one.channel == "paper" else "",
        "handed_in_by": attested if one.channel == "parapheur" else "",
        "reason": one.reason,
        "link": _link_words(known, one) if outside and row.channel != "paper" else "",
        "address_url": url_for("signing.address", **address) if outside else "",
        "delegate_url": url_for("signing.delegate", **address) if _may_delegate(one, asked) else "",
    }


def _may_delegate(one: Where, asked: bool) -> bool:
    """Whoever runs the room, and the signatory themself."""
    return not one.party.row.delegate and (asked or (one.state == ASKED and one.party.person == g.identity.person))


def _link_words(known: Open, one: Where) -> str:
    found = links_on(known.row.subject, outsider_of(one.party))
    return _(LINK_STATES.get(state(found[0]), "")) if found else _("no link was sent yet")


def _mine(known: Open, one: Where) -> dict[str, str]:
    address = {"reference": known.row.reference, "signatory_id": one.party.id}
    return {
        "name": one.party.acting.name,
        "capacity": ", ".join(filter(None, (one.party.acting.capacity, one.party.words.organisation))),
        "sign_url": url_for("signing.sign", **address),
        "refuse_url": url_for("signing.refuse", **address),
        "on_paper": "1" if one.party.row.channel == "paper" else "",
    }


def _is_mine(known: Open, signatory_id: str | None) -> bool:
    return bool(signatory_id) and known.party(signatory_id or "").person == g.identity.person


def _stopped(known: Open, several: list[Where]) -> str:
    """Why nobody signs any more, in the words of whoever ended it."""
    refused = next((one for one in several if one.state == REFUSED), None)
    if refused:
        return refused.reason
    ended = [fact for fact in facts(known.row.subject) if fact.kind in ("Cancelled", "Withdrawn")]
    return (text(ended[-1].data.get("reason_ref") or "") or "") if ended else ""


def _medium(row: Room, several: list[Where]) -> str:
    """Which original counts, where some sign on paper and others in the file."""
    if not is_mixed(several):
        return ""
    if row.original == "paper":
        return _("Some sign on paper, others in the file. The document on paper counts; the file is kept beside it.")
    return _("Some sign on paper, others in the file. The electronic file counts; the papers are kept beside it.")


def _facts(known: Open) -> list[dict[str, str]]:
    row = known.row
    who = people.names([row.opened_by]).get(row.opened_by, "")
    told = [{"label": _("Opened by"), "value": f"{who}, {stamp(row.opened_at, known.zone)}" if row.opened_at else who}]
    told.append({"label": _("Version"), "value": str(row.number)})
    if row.until:
        told.append({"label": _("Last day to sign"), "value": format_date(row.until, "full")})
    return told


def _linked(row: Room | None) -> dict[str, str] | None:
    if row is None:
        return None
    paper = filing.paper(row.paper_id)
    family, word = said.state_badge(row)
    url = url_for("signing.room", reference=row.reference)
    return {
        "title": paper.title or paper.reference,
        "number": str(row.number),
        "url": url,
        "family": family,
        "word": word,
    }


def _scans(known: Open) -> list[dict[str, str]]:
    names = people.names({one.attested_by for one in scans(known.row.id)})
    told = []
    for one in scans(known.row.id):
        who = ", ".join(known.party(ident).acting.name for ident in one.signatories)
        day = format_date(one.signed_on, "full")
        words = _(
            "Signed on paper on %(day)s by %(who)s; %(name)s attests that it is the same document.",
            day=day,
            who=who,
            name=names.get(one.attested_by, ""),
        )
        told.append({"words": words, "url": url_for("signing.scan", reference=known.row.reference, scan_id=one.id)})
    return told


# -- the file -----------------------------------------------------------------------------------------------------


@signing.get("/rooms/<reference>/file.pdf")
def file(reference: str) -> Response:
    """The file as it stands now."""
    known = come_in(g.identity, reference)
    answer = make_response(revisions.bytes_of(known.row, revisions.present(known.row)))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{known.row.reference}.pdf"'
    return answer


@signing.get("/rooms/<reference>/page-<int:number>.png")
def page(reference: str, number: int) -> Response:
    """One page of the file as it stands now, as a picture."""
    known = come_in(g.identity, reference)
    return page_picture(revisions.bytes_of(known.row, revisions.present(known.row)), number)


def page_picture(data: bytes, number: int) -> Response:
    """Raises NotFound when there is no such page."""
    db.session.rollback()  # no transaction is held while it is drawn
    try:
        answer = make_response(looked_at.picture(data, number))
    except NotPrinted:
        raise NotFound() from None
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer

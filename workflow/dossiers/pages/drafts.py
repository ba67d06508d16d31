"""The papers a decision leads to, before it is given: their words in the page, a draft as a PDF; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g, make_response, request, url_for
from flask_babel import force_locale

from documents import model
from documents.content import Document
from workflow.approvals.queries import Offer
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Refusal, decide, forecast
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.db import db
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import WHOLE, name
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import command_of, verb
from workflow.dossiers.queries.paper import material
from workflow.dossiers.queries.paper.moments import written_at
from workflow.dossiers.queries.whom import may_have_paper
from workflow.errors import NotFound, Refused
from workflow.filing.rules.papers import Order
from workflow.record.queries import Fact, facts
from workflow.web.press import NotPrinted, drafted
from workflow.web.spoken import label

LANG = "fr"  # the language in which the papers of an operation are written
DRAFT = "PROJET"  # in the place of a reference, in that language
UNWRITTEN = "to be written"
"""Stands for a reason that is sealed only when the decision is given; no paper holds a reason."""
DECIDING: Mapping[str, type[c.Command]] = {
    kind.__name__: kind for kind in (c.Approve, c.ApproveWithReservation, c.GiveOpinion, c.Refuse)
}


@dataclass(frozen=True)
class Led:
    """What a decision would lead to. events: in order; state: after it."""

    events: tuple[e.Event, ...]
    state: State


def led_to(page: Page, offer: Offer) -> Led | None:
    """None for commands that give no voice, and where it would be refused."""
    kind = DECIDING.get(name(offer))
    if kind is None:
        return None
    known, circuit = page.file.known, page.file.published.circuit
    events = decide(
        circuit,
        known.state,
        _command(kind, offer, known.context.shown(offer.possible.step or "")),
        offer.actor,
        known.context,
    )
    return None if isinstance(events, Refusal) else Led(tuple(events), fold(circuit, events, known.state))


def _command(kind: type[c.Command], offer: Offer, shown: str) -> c.Command:
    given: dict[str, Any] = {"step": offer.possible.step, "shown": shown}
    if kind is c.GiveOpinion:
        told = request.values.get("opinion", "")
        given["opinion"] = told if told in c.OPINIONS else c.OPINIONS[0]
    if kind is not c.Approve:
        given["reason_ref"] = UNWRITTEN
    return kind(**given)


# -- on the page of the decision ------------------------------------------------------------------------------------


def papers_led_to(page: Page, offer: Offer) -> list[dict[str, Any]]:
    """[{name, note, url, after, text}]: what this reader may have of it. after: whose turn comes before it is written;
    text: what it says, of those written at once.
    """
    led = led_to(page, offer)
    if led is None:
        return []
    at_once = {found for event in led.events for found in written_at(page.file.published.settings, event)}
    return [
        _coming(page, offer, led, document, audience, at_once=(document["name"], audience["name"]) in at_once)
        for document, audience in _foreseen(page)
        if (document["name"], audience["name"]) in at_once or (_says_yes(offer) and _still_to_come(page, led, document))
    ]


def _foreseen(page: Page) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every paper of the procedure that this reader may have."""
    return [
        (document, audience)
        for document in page.file.published.settings.get("documents", ())
        for audience in document["audiences"]
        if may_have_paper(page.identity, page.file.row, audience["name"])
    ]


def _says_yes(offer: Offer) -> bool:
    """A refusal leads to no paper but those written at once, even where others may outvote it."""
    return name(offer) != "Refuse"


def _still_to_come(page: Page, led: Led, document: Mapping[str, Any]) -> bool:
    when = document.get("when")
    if led.state.closed:
        return False
    if isinstance(when, dict):
        return page.file.published.circuit.stage_index(when["stage"]) > (led.state.stage or 0)
    return when == "approved"


def _coming(
    page: Page, offer: Offer, led: Led, document: dict[str, Any], audience: dict[str, Any], *, at_once: bool
) -> dict[str, Any]:
    told = {
        "name": label(audience.get("label") or document["label"]),
        "note": label(audience.get("describe") or {"fr": ""}),
        "after": "" if at_once else _after(page, led, document),
        "url": _address(page, offer, document["name"], audience["name"]),
    }
    text = _text(page, led, document["name"], audience["name"]) if at_once else None
    return told | {"text": text}


def _after(page: Page, led: Led, document: Mapping[str, Any]) -> str:
    """The stages that come before it, with whom they ask."""
    circuit, when = page.file.published.circuit, document.get("when")
    last = circuit.stage_index(when["stage"]) if isinstance(when, dict) else len(circuit.stages)
    coming = forecast(circuit, led.state, page.file.known.context)
    waited = (one for one in coming if circuit.stage_index(one.stage) < last)
    found = [
        page.choices.stage_labels[one.stage]
        for one in waited
        if any(step.status in ("open", "coming") for step in one.steps)
    ]
    return ", ".join(found)


def _address(page: Page, offer: Offer, kind: str, audience: str) -> str:
    return url_for(
        "dossiers.draft",
        reference=page.reference,
        command=verb(name(offer)),
        step=offer.possible.step or WHOLE,
        kind=kind,
        audience=audience,
    )


def _text(page: Page, led: Led, kind: str, audience: str) -> Document | None:
    """Its words, from the same model as the sealed paper."""
    try:
        order = _order(page, led, kind, audience)
    except NotFound:
        return None
    return model.render(
        model.load(order.text),
        order.data,
        lang=order.lang,
        reference=DRAFT,
        date=order.day,
        verify_url=None,
        issuer=order.issuer,
    ).document


def _order(page: Page, led: Led, kind: str, audience: str) -> Order:
    """The very order of the paper, with this decision among what had happened."""
    told = [*facts(page.file.row.subject), *_as_facts(page, led)]
    with force_locale(LANG):
        wanted = material.Wanted(page.file.row, kind, audience, LANG, DRAFT, told)
        return material.order(wanted, current_app.config["RELAIS"].issuer, None)


def _as_facts(page: Page, led: Led) -> list[Fact]:
    """Facts as they would be; they are nowhere but here."""
    known = page.file.known
    return [
        Fact(
            chain="",
            seq=0,
            subject=known.subject,
            version=known.course.version + rank,
            kind=type(event).__name__,
            at=event.at,
            actor=vars(event.actor) if event.actor else {},
            data=event.to_dict(),
            schema=type(event).version,
        )
        for rank, event in enumerate(led.events, start=1)
    ]


# -- the draft as a file --------------------------------------------------------------------------------------------


@dossiers.get("/dossiers/<reference>/decide/<command>/<step>/draft/<kind>/<audience>")
def draft(reference: str, command: str, step: str, kind: str, audience: str) -> Response:
    """The PDF as it would be, "draft" on every page: for whoever may decide so, and may have that paper."""
    page = Page(reference)
    offer = page.choices.offered(command_of(command), step)
    led = led_to(page, offer) if offer else None
    if led is None or (kind, audience) not in {(doc["name"], one["name"]) for doc, one in _foreseen(page)}:
        raise NotFound()
    order = _order(page, led, kind, audience)
    db.session.rollback()  # nothing waits for this request while the paper is set
    made = _set(order)
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="projet-{kind}-{audience}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _set(order: Order) -> bytes:
    try:
        return drafted(
            order.text,
            order.data,
            lang=order.lang,
            reference=DRAFT,
            day=order.day.isoformat(),
            issuer=order.issuer,
            organisation=order.organisation,
            address=list(order.address),
        )
    except NotPrinted as fault:
        current_app.logger.error("draft_not_printed %s for %s", type(fault).__name__, g.identity.person)
        raise Refused("not_printed", "The draft could not be set. Try again in a moment.") from fault

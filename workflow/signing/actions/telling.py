"""Who is told what by mail when something happens in a room; whoever has no account gets a link of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from workflow.approvals.queries import standing
from workflow.approvals.queries.personal_links import comes_back
from workflow.circuit import events as e
from workflow.people import queries as people
from workflow.people.models import Person
from workflow.record.queries import Fact, facts, text
from workflow.signing.actions.linking import BY_MAIL, KEPT, reach
from workflow.signing.queries.entitled import followers
from workflow.signing.queries.rooms import Open, Party, delegate_voice
from workflow.signing.rules.channels import HOW, PAPER
from workflow.signing.rules.words import TITLES


@dataclass(frozen=True)
class Letter:
    """One mail. key: it is written once. said: what its template is told."""

    key: str
    to: str
    title: str
    template: str
    lang: str = "fr"
    said: dict[str, Any] = field(default_factory=dict)


def letters(known: Open, fact: Fact) -> Iterator[Letter]:
    """The mails that follow from a fact; links of people without account are made here and leave by jobs of theirs."""
    event = e.from_dict(fact.data)
    if isinstance(event, e.StageEntered):
        opened = {one.step for one in event.opened}
        for party in known.parties:
            if known.steps[party.id] in opened:
                yield from asked(known, party, fact, "asked")
    elif isinstance(event, e.Reminded):
        for party in _awaited(known, event.step or ""):
            yield from asked(known, party, fact, "reminded")
    elif isinstance(event, e.Reassigned):
        for party in known.parties:
            if known.steps[party.id] == event.step and party.row.delegate:
                yield from asked(known, party, fact, "asked")
    elif isinstance(event, e.Escalated):
        yield from to_followers(known, fact, "late")
    elif isinstance(event, e.Completed):
        what = "complete" if event.outcome == "approved" else "refused"
        yield from _to_all(known, fact, what, _why(known) if what == "refused" else {})
    elif isinstance(event, e.Withdrawn | e.Cancelled):
        yield from _to_all(known, fact, "withdrawn", {"words": text(event.reason_ref or "") or ""})


def _awaited(known: Open, step: str) -> list[Party]:
    """Those of an open step who have not signed."""
    state = standing(known.row.subject).state
    spoken = {vote.voice.person for vote in state.votes_at(step)}
    here = [one for one in known.parties if known.steps[one.id] == step]
    return [one for one in here if not {one.voice.person, delegate_voice(one.row)} & spoken]


def asked(known: Open, party: Party, fact: Fact, what: str, more: dict[str, Any] | None = None) -> Iterator[Letter]:
    """Somebody is asked to sign: on their own page, or by a link that leaves in a mail of its own."""
    if party.row.channel == PAPER:
        return
    who, told = people.person(party.person) if party.person else None, {**(more or {}), "how": how(party)}
    if who is None:
        yield from _outside(known, party, fact, what, told)
    elif who.email and not comes_back(who.email):
        yield _letter(known, fact, who, what, told)


def how(party: Party) -> str:
    """What whoever signs in this way is told beforehand, an English msgid; "" where the page says all."""
    return HOW.get(party.row.channel, "")


def _outside(known: Open, party: Party, fact: Fact, what: str, more: dict[str, Any]) -> Iterator[Letter]:
    """Somebody without account: their link leaves in a mail of its own, or whoever opened the room prints the letter,
    or is asked to call them.
    """
    way, address = reach(known, party, fact.actor.get("person") or known.row.opened_by), party.acting.mail
    if way == KEPT and address and not comes_back(address):
        yield _written(known, fact, _To(address, party.acting.name, inside=False), what, more)
    elif way != BY_MAIL:
        yield from to_followers(known, fact, "to_call" if way == KEPT else "to_print" if way else "unreached")


def _why(known: Open) -> dict[str, Any]:
    """Who refused, and the reason."""
    refusal = next((one for one in reversed(_course(known)) if isinstance(one, e.Refused)), None)
    if refusal is None or refusal.actor is None:
        return {}
    voice = refusal.actor.voice.person
    party = next((one for one in known.parties if voice in (one.voice.person, delegate_voice(one.row))), None)
    return {"who": party.acting.name if party else "", "words": text(refusal.reason_ref) or ""}


def _course(known: Open) -> list[e.Event]:
    return [e.from_dict(one.data) for one in facts(known.row.subject)]


def to_followers(known: Open, fact: Fact, what: str, more: dict[str, Any] | None = None) -> Iterator[Letter]:
    """Whoever opened the room."""
    for person in sorted(followers(known.row)):
        who = people.person(person)
        if who and who.email:
            yield _letter(known, fact, who, what, more or {})


def _to_all(known: Open, fact: Fact, what: str, more: dict[str, Any]) -> Iterator[Letter]:
    """Every signatory with an address, and whoever opened the room."""
    yield from to_everybody(known, fact, what, more, known.parties)


def to_everybody(
    known: Open, fact: Fact, what: str, more: dict[str, Any], parties: Iterable[Party], *, opener: str = ""
) -> Iterator[Letter]:
    """These signatories as far as they have an address, and whoever opened the room, who may be told otherwise."""
    told: set[str] = set()
    for party in parties:
        who = people.person(party.person) if party.person else None
        address = (who.email if who else party.acting.mail) or ""
        if address and address not in told and not comes_back(address):
            told.add(address)
            to = _To(address, who.name, who.lang) if who else _To(address, party.acting.name, inside=False)
            yield _written(known, fact, to, what, more)
    for person in sorted(followers(known.row)):
        who = people.person(person)
        if who and who.email and (opener or who.email not in told):
            yield _letter(known, fact, who, opener or what, more)


def _letter(known: Open, fact: Fact, who: Person, what: str, more: dict[str, Any]) -> Letter:
    return _written(known, fact, _To(who.email or "", who.name, who.lang), what, more)


@dataclass(frozen=True)
class _To:
    """Whom a mail goes to. inside: they have an access, so that a page may be named."""

    address: str
    name: str
    lang: str = "fr"
    inside: bool = True


def _written(known: Open, fact: Fact, to: _To, what: str, more: dict[str, Any]) -> Letter:
    url = f"{current_app.config['RELAIS'].base_url}/rooms/{known.row.reference}" if to.inside else ""
    said = {"what": what, "name": to.name, "url": url, "reference": known.paper.reference, **more}
    key = f"room:{known.row.id}:{fact.version}:{what}:{to.address.lower()}"[:200]
    return Letter(key, to.address, TITLES[what], "signing_told", to.lang, said)

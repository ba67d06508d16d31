"""The code that somebody with an access types before they sign: it comes by mail, a session alone is not enough."""

from __future__ import annotations

from datetime import timedelta

from workflow import clock
from workflow.approvals.actions.personal_links import ask_code, note, spend
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries.personal_links import ALIVE, MAIL, comes_back, fate, links_on, visits
from workflow.db import db, new_id
from workflow.errors import Refused
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.signing.actions.signing import Act, Signer
from workflow.signing.models import Revision
from workflow.signing.queries.links import SESSION
from workflow.signing.queries.rooms import Open, Party

SEND_CODE = "signing.send_code"
LIFE = timedelta(days=1)


def found(known: Open, party: Party, person: str) -> PersonalLink | None:
    """What holds the code of this person for this signature, while it may serve."""
    mine = (one for one in links_on(known.row.subject, person) if one.link_by == SESSION)
    return next((one for one in mine if one.step == known.steps[party.id] and fate(one) == ALIVE), None)


def ask(known: Open, party: Party, person: str) -> None:
    """A code leaves by mail. Without an address that is read nothing can be signed on the screen: Refused."""
    before = found(known, party, person)
    if before is not None and before.code_by != MAIL:
        raise Refused("code_on_paper", "Your code is on a paper that a colleague gives or posts to you: type it.")
    who = people.person(person)
    if who is None or not who.email or comes_back(who.email):
        message = "No mail reaches you: have your address corrected, or ask to sign on paper."
        raise Refused("no_address", message)
    row = before or _new(known, party, person, who.email)
    ask_code(row.id, SEND_CODE)


def _new(known: Open, party: Party, person: str, address: str) -> PersonalLink:
    row = PersonalLink(
        id=new_id(),
        operation_id=known.row.operation_id,
        subject=known.row.subject,
        step=known.steps[party.id],
        person=person,
        link_by=SESSION,
        code_by=MAIL,
        address=record.keep_text(known.row.subject, address),
        lang="fr",
        made_by=person,
        made_at=clock.now(),
        expires_at=clock.now() + LIFE,
    )
    db.session.add(row)
    db.session.flush()
    note(row, "LinkMade", person, of=row.subject, step=row.step, link_by=SESSION, code_by=MAIL)
    return row


def proven(known: Open, party: Party, person: str, secret: str | None) -> bool:
    """Whether the right code was typed in this browser, a short while ago."""
    row = found(known, party, person)
    return row is not None and visits(row, secret)


def sign_inside(who: Signer, act: Act, secret: str | None) -> Revision:
    """Signs for who typed the code. Raises Refused when they did not."""
    row = found(who.known, who.party, who.actor.person)
    if row is None or not visits(row, secret):
        raise Refused("no_code", "Type the code that came to you by mail first.")
    made = act(who)
    spend(row, "signed")
    return made

"""Links and codes of those who sign: made for who is asked now, printed, withdrawn. Nobody ever holds both."""

from __future__ import annotations

from datetime import timedelta

from workflow import clock
from workflow.access import Identity
from workflow.approvals.actions import personal_links as every
from workflow.approvals.actions.personal_links import Aim, Wish
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries.personal_links import ALIVE, LETTER, MAIL, WITHDRAWN, address_of, fate, links_on
from workflow.db import db, new_id
from workflow.errors import Forbidden, Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.signing.models import OPEN
from workflow.signing.queries import links, rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.links import SESSION, outsider_of
from workflow.signing.queries.rooms import Open, Party

SEND_LINK = "signing.send_link"
DAYS = 30
"""How long a link lives that is made by itself."""
BY_MAIL, BY_LETTER, KEPT = "mail", "letter", "kept"
"""How somebody without account is reached: a mail leaves, a letter is to be printed, what they have on paper holds."""


def reach(known: Open, party: Party, by: str) -> str:
    """A link for somebody without account, the way the last one went: one of BY_MAIL, BY_LETTER, KEPT; "" when there is
    no way. A letter or a code that was printed is never made worthless by this.
    """
    last = links.last_of(known, party)
    if last is not None and fate(last) == ALIVE and LETTER in (last.link_by, last.code_by):
        return KEPT
    for wish in _ways(party, last):
        if _may_be(wish):
            every.make(_aim(known, party), wish, by)
            return BY_MAIL if wish.link_by == MAIL else BY_LETTER
    return ""


def _ways(party: Party, last: PersonalLink | None) -> list[Wish]:
    """What is tried, in order."""
    mail = party.acting.mail
    again = [] if last is None or fate(last) == WITHDRAWN else [_again(last, mail)]
    return [*again, Wish(MAIL, MAIL, mail, DAYS), *([Wish(LETTER, LETTER, "", DAYS)] if party.acting.postal else [])]


def _again(last: PersonalLink, mail: str) -> Wish:
    return Wish(last.link_by, last.code_by, address_of(last) or mail, DAYS, last.lang)


def _may_be(wish: Wish) -> bool:
    """Whether mails of this link would be read, and by nobody with an access."""
    try:
        every.check(wish)
    except Invalid:
        return False
    return True


def _aim(known: Open, party: Party) -> Aim:
    row, step = known.row, known.steps[party.id]
    return Aim(row.operation_id, row.subject, step, outsider_of(party), SEND_LINK, known.zone)


def give_link(identity: Identity, reference: str, signatory: str, wish: Wish) -> PersonalLink:
    """Whoever runs the room says how the link and its code go to somebody who is asked now; an earlier one is dead.

    Raises Forbidden, Refused (not their turn, they have an access), Invalid when the wish does not hold.
    """
    known, party = _asked(identity, reference, signatory)
    if party.person:
        raise Refused("has_access", "This person has an access to Relais: they sign from their own pages.")
    return every.make(_aim(known, party), wish, identity.person)


def give_code(identity: Identity, reference: str, signatory: str) -> PersonalLink:
    """A code on paper for somebody with an access whom no mail reaches; an earlier one is dead. Raises as above."""
    known, party = _asked(identity, reference, signatory)
    if not party.person:
        raise Refused("needs_link", "This person has no access to Relais: make a link for them.")
    if party.person == identity.person:
        raise Refused("own_code", "Nobody has their own code printed: a colleague does it.")
    for earlier in _codes(known, party):
        every.kill(earlier, identity.person)
    row = PersonalLink(
        id=new_id(),
        operation_id=known.row.operation_id,
        subject=known.row.subject,
        step=known.steps[party.id],
        person=party.person,
        link_by=SESSION,
        code_by=LETTER,
        address="",
        lang=_lang(party.person),
        made_by=identity.person,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=DAYS),
    )
    db.session.add(row)
    db.session.flush()
    every.note(row, "LinkMade", identity.person, of=row.subject, step=row.step, link_by=SESSION, code_by=LETTER)
    return row


def _lang(person: str) -> str:
    who = people.person(person)
    return who.lang if who else "fr"


def _codes(known: Open, party: Party) -> list[PersonalLink]:
    """What holds a code of somebody with an access for this signature, alive; those by mail too."""
    mine = [one for one in links_on(known.row.subject, party.person or "") if one.link_by == SESSION]
    return [every.locked(one.id) for one in mine if one.step == known.steps[party.id] and fate(one) == ALIVE]


def _asked(identity: Identity, reference: str, signatory: str) -> tuple[Open, Party]:
    known = Open(rooms.room(reference))
    if not runs(identity, known.row):
        raise Forbidden()
    if known.row.state != OPEN:
        raise Refused("closed", "This room is over.")
    party = known.party(signatory)
    if party.id not in {one.id for one in links.may_be_given(known)}:
        raise Refused("not_open", "It is not their turn to sign now.")
    return known, party


# -- looked after -------------------------------------------------------------------------------------------------


def withdraw_link(identity: Identity, reference: str, link_id: str) -> PersonalLink:
    """From now on it opens nothing. Raises NotFound for who does not run the room, Refused when it is over already."""
    known = Open(rooms.room(reference))
    found = links.link_in(known, link_id)
    if found is None or not runs(identity, known.row):
        raise NotFound()
    row = every.settling(found)
    every.kill(row, identity.person)
    return row


def print_letter(identity: Identity, reference: str, link_id: str) -> tuple[PersonalLink, str]:
    """The secret of a link that goes by letter, for the one paper that bears it. Raises NotFound, Refused."""
    row = _printed(identity, reference, link_id)
    return row, every.print_letter(row, identity.person)


def print_code(identity: Identity, reference: str, link_id: str) -> tuple[PersonalLink, str]:
    """The code of a link, for the one paper that bears it. Raises NotFound, Refused."""
    row = _printed(identity, reference, link_id)
    if row.person == identity.person:
        raise Refused("own_code", "Nobody has their own code printed: a colleague does it.")
    return row, every.print_code(row, identity.person)


def _printed(identity: Identity, reference: str, link_id: str) -> PersonalLink:
    known = Open(rooms.room(reference))
    found = links.link_in(known, link_id)
    if found is None or not links.may_print(identity, known):
        raise NotFound()
    return every.settling(found)

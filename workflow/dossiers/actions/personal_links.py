"""Personal links made, sent, printed, withdrawn. Whoever makes one never holds both the link and its code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workflow import clock, outbox
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier, PersonalLink
from workflow.dossiers.queries import File
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.personal_links import ALIVE, LETTER, MAIL, fate
from workflow.dossiers.queries.reaching import comes_back
from workflow.errors import FieldError, Forbidden, Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.people.rules.codes import ALPHABET
from workflow.record import actions as record
from workflow.record.models import chain_of

SEND_LINK, SEND_CODE = "dossiers.send_link", "dossiers.send_code"
DAYS, LONGEST = 14, 60
"""How long a link lives when nothing else is said, and at most."""
LETTER_CODE = 8  # signs of a code on paper: 31 ** 8, with LIMIT tries


@dataclass(frozen=True)
class Wish:
    """How a link and its code go to somebody. address: needed as soon as one of them goes by mail."""

    link_by: str
    code_by: str
    address: str = ""
    days: int = DAYS
    lang: str = "fr"


def make_link(identity: Identity, reference: str, wish: Wish) -> PersonalLink:
    """A link for the household of a dossier, to its step that is open. An earlier one is dead from now on.

    Raises Forbidden for who does not enter what the household says there, Invalid when the wish does not hold.
    """
    file = queries.file(identity, reference)
    step = links.step_of_household(file)
    if step is None:
        raise Forbidden()
    return new_link(file, step.id, f"household:{file.row.household_id}", wish)


def new_link(file: File, step: str, person: str, wish: Wish) -> PersonalLink:
    """For actions that have looked at who asks."""
    _check(wish)
    by, now = file.identity.person, clock.now()
    for earlier in alive(file.row, step, person):
        _kill(earlier, by)
    row = PersonalLink(
        id=new_id(),
        operation_id=file.row.operation_id,
        subject=file.row.subject,
        step=step,
        person=person,
        link_by=wish.link_by,
        code_by=wish.code_by,
        address=record.keep_text(file.row.subject, wish.address),
        lang=wish.lang,
        made_by=by,
        made_at=now,
        expires_at=_end(file, wish.days),
    )
    db.session.add(row)
    db.session.flush()
    note(row, "LinkMade", by, of=row.subject, step=step, link_by=wish.link_by, code_by=wish.code_by)
    if wish.link_by == MAIL:
        outbox.add(SEND_LINK, subject=f"link:{row.id}", key=f"{SEND_LINK}:{row.id}")
    return row


def _end(file: File, days: int) -> datetime:
    """The end of the last day, where the operation takes place."""
    zone = file.known.place.zone if file.known.place else "Europe/Paris"
    return datetime.combine(clock.today(zone) + timedelta(days=days + 1), time(), ZoneInfo(zone))


def _check(wish: Wish) -> None:
    errors = [
        FieldError(field, "Choose one of the ways.")
        for field, said in (("link_by", wish.link_by), ("code_by", wish.code_by))
        if said not in (MAIL, LETTER)
    ]
    if MAIL in (wish.link_by, wish.code_by):
        errors += _check_address(wish.address)
    if not 0 < wish.days <= LONGEST:
        errors.append(FieldError("days", "Choose between 1 and %(count)s days.", {"count": LONGEST}))
    if errors:
        raise Invalid(errors)


def _check_address(address: str) -> list[FieldError]:
    """A mailbox of a colleague would give them both the link and its code."""
    if not address:
        return [FieldError("address", "Give the address to which the mail goes.")]
    if people.account_at(address) is not None:
        return [
            FieldError(
                "address",
                "Somebody with an access to Relais reads this address: give one of the person's own, or choose paper.",
            )
        ]
    if comes_back(address):
        return [FieldError("address", "Mails to this address come back. Correct it first.")]
    return []


def alive(row: Dossier, step: str, person: str) -> list[PersonalLink]:
    """The links of a person to a step that still open something, locked."""
    asked = select(PersonalLink).where(PersonalLink.subject == row.subject, PersonalLink.step == step)
    found = db.session.scalars(asked.where(PersonalLink.person == person).order_by(PersonalLink.id).with_for_update())
    return [one for one in found.all() if fate(one) == ALIVE]


def withdraw(identity: Identity, reference: str, link_id: str) -> PersonalLink:
    """From now on it opens nothing. Raises NotFound for who has no say in it, Refused when it is over already."""
    row = _to_settle(identity, reference, link_id)
    _kill(row, identity.person)
    return row


def _kill(row: PersonalLink, by: str) -> None:
    row.withdrawn_at, row.withdrawn_by = clock.now(), by
    row.visit_hash = row.code_hash = None
    note(row, "LinkWithdrawn", by)


def _to_settle(identity: Identity, reference: str, link_id: str) -> PersonalLink:
    file = queries.file(identity, reference)
    known = links.link(file.row, link_id)
    if known is None or not links.may_settle(file, known):
        raise NotFound()
    row = locked(link_id)
    if fate(row) != ALIVE:
        raise Refused("link_over", "This link is over: it was used, withdrawn, or its last day has passed.")
    return row


def print_letter(identity: Identity, reference: str, link_id: str) -> tuple[PersonalLink, str]:
    """The secret of a link that goes by letter, for the one paper that bears it; a paper printed earlier is dead, and
    so is a code on paper that went with it.

    Raises Refused when it goes by mail: nobody but its reader sees it then; or when this person printed its code.
    """
    row = _to_settle(identity, reference, link_id)
    if row.link_by != LETTER:
        raise Refused("not_by_letter", "This link goes by mail: it is shown to nobody here.")
    _nobody_holds_both(row, links.CODE_PRINTED, identity.person)
    token = fresh_token(row)
    row.left_at, row.printed_by = clock.now(), identity.person
    if row.code_by == LETTER:
        row.code_hash = None
    note(row, links.LETTER_PRINTED, identity.person)
    return row, token


def print_code(identity: Identity, reference: str, link_id: str) -> tuple[PersonalLink, str]:
    """The code of a link, for the one paper that bears it; a code printed earlier is dead.

    Raises Refused when the code goes by mail, when the letter is still to be printed, or was by this person.
    """
    row = _to_settle(identity, reference, link_id)
    if row.code_by != LETTER:
        raise Refused("not_by_letter", "This code goes by mail: it is shown to nobody here.")
    if row.link_by == LETTER and row.left_at is None:
        raise Refused("letter_first", "The letter with the link is printed first, by another colleague.")
    _nobody_holds_both(row, links.LETTER_PRINTED, identity.person)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LETTER_CODE))
    keep_code(row, code, row.expires_at - clock.now())
    note(row, links.CODE_PRINTED, identity.person)
    return row, code


def _nobody_holds_both(row: PersonalLink, other: str, person: str) -> None:
    """Whoever once printed one of the two papers of a link never prints the other, whatever became of it since."""
    if person in {one.by for one in links.prints(row) if one.kind == other}:
        raise Refused(
            "both_papers",
            "The letter with the link and the paper with its code are printed by two different people. You printed "
            "one of them: a colleague prints the other, from the same page.",
        )


def fresh_token(row: PersonalLink) -> str:
    """A new secret; of it only the hash is kept, an earlier one is dead."""
    token = secrets.token_urlsafe(24)
    row.token_hash = links.hashed(token)
    row.visit_hash = None
    return token


def keep_code(row: PersonalLink, code: str, life: timedelta) -> None:
    row.code_hash, row.code_until = links.code_mark(row.id, code), clock.now() + life
    row.codes, row.wrong = row.codes + 1, 0


def note(row: PersonalLink, kind: str, by: str = "", **data: str) -> None:
    """Append what became of a link to the record: ids and codes, nothing that opens anything."""
    actor = {"person": by} if by else {"process": "link"}
    record.note(chain_of(row.operation_id), f"link:{row.id}", kind, actor, **data)


def locked(link_id: str) -> PersonalLink:
    """Taken before the course of its dossier, by everybody who needs both."""
    asked = select(PersonalLink).where(PersonalLink.id == link_id).with_for_update()
    row = db.session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise NotFound()
    return row

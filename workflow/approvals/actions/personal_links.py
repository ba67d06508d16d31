"""Personal links made, printed, opened by their code, withdrawn. Whoever makes one never holds both link and code."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workflow import clock, outbox
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import personal_links as links
from workflow.approvals.queries.personal_links import ALIVE, LETTER, LIMIT, MAIL, comes_back, fate
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.people.rules import normalised
from workflow.people.rules.codes import ALPHABET
from workflow.record import actions as record
from workflow.record.models import chain_of

DAYS, LONGEST = 14, 60
"""How long a link lives when nothing else is said, and at most."""
LETTER_CODE = 8  # signs of a code on paper: 31 ** 8, with LIMIT tries
VISIT = timedelta(minutes=45)
"""How long one may read after the right code; then the code is asked for again."""


@dataclass(frozen=True)
class Wish:
    """How a link and its code go to somebody. address: needed as soon as one of them goes by mail."""

    link_by: str
    code_by: str
    address: str = ""
    days: int = DAYS
    lang: str = "fr"


@dataclass(frozen=True)
class Aim:
    """What a link is for. send: the job that writes its mail; zone: where the operation takes place."""

    operation: str
    subject: str
    step: str
    person: str
    send: str
    zone: str


def make(aim: Aim, wish: Wish, by: str) -> PersonalLink:
    """A link; an earlier one of this person to this step is dead from now on. Whether `by` may is for the caller.

    Raises Invalid when the wish does not hold.
    """
    check(wish)
    for earlier in alive(aim.subject, aim.step, aim.person):
        kill(earlier, by)
    row = PersonalLink(
        id=new_id(),
        operation_id=aim.operation,
        subject=aim.subject,
        step=aim.step,
        person=aim.person,
        link_by=wish.link_by,
        code_by=wish.code_by,
        address=record.keep_text(aim.subject, wish.address),
        lang=wish.lang,
        made_by=by,
        made_at=clock.now(),
        expires_at=_end(aim.zone, wish.days),
    )
    db.session.add(row)
    db.session.flush()
    note(row, "LinkMade", by, of=row.subject, step=aim.step, link_by=wish.link_by, code_by=wish.code_by)
    if wish.link_by == MAIL:
        outbox.add(aim.send, subject=f"link:{row.id}", key=f"{aim.send}:{row.id}")
    return row


def _end(zone: str, days: int) -> datetime:
    """The end of the last day, where the operation takes place."""
    return datetime.combine(clock.today(zone) + timedelta(days=days + 1), time(), ZoneInfo(zone))


def check(wish: Wish) -> None:
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


def alive(subject: str, step: str, person: str) -> list[PersonalLink]:
    """The links of a person to a step that still open something, locked."""
    asked = select(PersonalLink).where(PersonalLink.subject == subject, PersonalLink.step == step)
    found = db.session.scalars(asked.where(PersonalLink.person == person).order_by(PersonalLink.id).with_for_update())
    return [one for one in found.all() if fate(one) == ALIVE]


def kill(row: PersonalLink, by: str) -> None:
    """From now on it opens nothing."""
    row.withdrawn_at, row.withdrawn_by = clock.now(), by
    row.visit_hash = row.code_hash = None
    note(row, "LinkWithdrawn", by)


def settling(row: PersonalLink) -> PersonalLink:
    """A link that is looked after, locked. Raises Refused when it is over."""
    found = locked(row.id)
    if fate(found) != ALIVE:
        raise Refused("link_over", "This link is over: it was used, withdrawn, or its last day has passed.")
    return found


def print_letter(row: PersonalLink, by: str) -> str:
    """The secret of a locked link that goes by letter, for the one paper that bears it; a paper printed earlier is
    dead, and so is a code on paper that went with it.

    Raises Refused when it goes by mail: nobody but its reader sees it then; or when this person printed its code.
    """
    if row.link_by != LETTER:
        raise Refused("not_by_letter", "This link goes by mail: it is shown to nobody here.")
    _nobody_holds_both(row, links.CODE_PRINTED, by)
    token = fresh_token(row)
    row.left_at, row.printed_by = clock.now(), by
    if row.code_by == LETTER:
        row.code_hash = None
    note(row, links.LETTER_PRINTED, by)
    return token


def print_code(row: PersonalLink, by: str) -> str:
    """The code of a locked link, for the one paper that bears it; a code printed earlier is dead.

    Raises Refused when the code goes by mail, when the letter is still to be printed, or was by this person.
    """
    if row.code_by != LETTER:
        raise Refused("not_by_letter", "This code goes by mail: it is shown to nobody here.")
    if row.link_by == LETTER and row.left_at is None:
        raise Refused("letter_first", "The letter with the link is printed first, by another colleague.")
    _nobody_holds_both(row, links.LETTER_PRINTED, by)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LETTER_CODE))
    keep_code(row, code, row.expires_at - clock.now())
    note(row, links.CODE_PRINTED, by)
    return code


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


# -- whoever holds it ---------------------------------------------------------------------------------------------


def ask_code(link_id: str, send: str) -> None:
    """The code leaves by mail, a new one each time, by the job `send`. Raises Refused when the link is over. The door
    counts how often.
    """
    row = opening(link_id)
    if row.code_by == MAIL:
        rank = row.codes + 1
        outbox.add(send, subject=f"link:{row.id}", key=f"{send}:{row.id}:{rank}", version=rank)


def try_code(link_id: str, typed: str) -> str:
    """The secret of a visit when the code is right, "" when it is wrong: that is counted, and to be committed.

    A code that came by mail opens one visit, one on paper as many as its link lives. Raises Refused when the link is
    over, or when there is no code that could be right.
    """
    row = opening(link_id)
    if not links.has_code(row):
        raise Refused("no_code", "This code is too old, or was typed wrong too often.")
    if not hmac.compare_digest(row.code_hash or "", links.code_mark(row.id, normalised(typed))):
        row.wrong += 1
        if row.wrong >= LIMIT:
            note(row, "LinkBlocked")
        return ""
    return _visit(row)


def _visit(row: PersonalLink) -> str:
    if row.opened_at is None:
        note(row, "LinkOpened")
    row.opened_at, row.wrong = row.opened_at or clock.now(), 0
    if row.code_by == MAIL:
        row.code_hash = None
    secret = secrets.token_urlsafe(24)
    row.visit_hash, row.visit_until = links.hashed(secret), clock.now() + VISIT
    return secret


def opening(link_id: str) -> PersonalLink:
    """A link that still opens something, locked. Raises Refused."""
    row = locked(link_id)
    if fate(row) != ALIVE:
        raise Refused(f"link_{fate(row)}", "This link opens nothing any more.")
    return row


def spend(row: PersonalLink, said: str) -> None:
    """It was used, once: `said` is what was said by it, a code of its journey."""
    row.used_at, row.said, row.code_hash = clock.now(), said, None
    note(row, "LinkUsed")

"""Personal links: found by their secret, what became of them, whose voice they carry. Whichever journey makes them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy import func, select

from workflow import clock
from workflow.approvals.models import PersonalLink
from workflow.db import db
from workflow.mail import BOUNCED, SENT, Mail
from workflow.record.queries import facts, text

MAIL, LETTER = "mail", "letter"
ALIVE, USED, WITHDRAWN, EXPIRED = "alive", "used", "withdrawn", "expired"
THROUGH = "link:"
"""Begins the way an act came when it came by a personal link (see circuit.events.By)."""
LETTER_PRINTED, CODE_PRINTED = "LinkPrinted", "CodePrinted"
LIMIT = 5
"""Codes typed in vain before the present one is dead: of a million, or of 31 ** 8."""


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def code_mark(link_id: str, code: str) -> str:
    """Of a short code a plain hash would be guessed in a moment: it is keyed, and differs from link to link."""
    secret = current_app.config["RELAIS"].secret_key.encode()
    return hmac.new(secret, f"link-code:{link_id}:{code}".encode(), "sha256").hexdigest()


def link_of(token: str) -> PersonalLink | None:
    """The link behind a secret, whatever became of it."""
    return db.session.scalar(select(PersonalLink).where(PersonalLink.token_hash == hashed(token)))


def fate(row: PersonalLink) -> str:
    """What became of a link: one of alive, used, withdrawn, expired."""
    if row.used_at is not None:
        return USED
    if row.withdrawn_at is not None:
        return WITHDRAWN
    return EXPIRED if row.expires_at <= clock.now() else ALIVE


def has_code(row: PersonalLink) -> bool:
    """Whether there is a code to type that may still be the right one."""
    fresh = row.code_until is not None and row.code_until > clock.now()
    return row.code_hash is not None and fresh and row.wrong < LIMIT


def visits(row: PersonalLink, secret: str | None) -> bool:
    """Whether this is the browser in which the right code was typed, a short while ago."""
    if not secret or row.visit_hash is None or row.visit_until is None or row.visit_until <= clock.now():
        return False
    return hmac.compare_digest(row.visit_hash, hashed(secret))


def through(row: PersonalLink) -> str:
    return f"{THROUGH}{row.id}"


def by_way(way: str | None) -> PersonalLink | None:
    """The link by which an act came; None when it came otherwise."""
    return db.session.get(PersonalLink, way.removeprefix(THROUGH)) if way and way.startswith(THROUGH) else None


def code_by(link_id: str) -> str:
    """How the code of a link went to its reader: mail | letter; "" when the link is not known any more."""
    row = db.session.get(PersonalLink, link_id)
    return row.code_by if row else ""


def linked(subject: str, way: str) -> str | None:
    """Whose voice a link carries on this subject, as long as it is valid."""
    row = by_way(way)
    return row.person if row and row.subject == subject and fate(row) == ALIVE else None


def address_of(row: PersonalLink) -> str:
    """Where its mails go; "" once it was erased with its dossier."""
    return text(row.address) or ""


@dataclass(frozen=True)
class Print:
    """One of the two papers of a link, made once. kind: LETTER_PRINTED | CODE_PRINTED."""

    kind: str
    by: str
    at: datetime


def prints(row: PersonalLink) -> list[Print]:
    """The papers of a link, in the order in which they were printed."""
    told = (fact for fact in facts(f"link:{row.id}") if fact.kind in (LETTER_PRINTED, CODE_PRINTED))
    return [Print(fact.kind, fact.actor["person"], fact.at) for fact in told]


def state(row: PersonalLink) -> str:
    """For lists: alive is told apart by how far it has come: blocked | opened | bounced | sent | leaving | to print |
    code to print.
    """
    ended = fate(row)
    if ended != ALIVE:
        return ended
    if row.code_by == LETTER and row.code_hash is not None and row.wrong >= LIMIT:
        return "blocked"
    found = _on_the_way(row)
    if row.code_by == LETTER and row.code_hash is None and found in ("sent", "leaving"):
        return "code to print"
    return "opened" if row.opened_at is not None else found


def _on_the_way(row: PersonalLink) -> str:
    if row.link_by == LETTER:
        return "sent" if row.left_at else "to print"
    return _of_mail(row)


def _of_mail(row: PersonalLink) -> str:
    found = db.session.get(Mail, row.mail_id) if row.mail_id else None
    if found is None:
        return "leaving"
    return {BOUNCED: "bounced", SENT: "sent"}.get(found.state, "leaving")


def links_on(subject: str, person: str = "") -> list[PersonalLink]:
    """The links of a subject, newest first; those of one person when one is named."""
    asked = select(PersonalLink).where(PersonalLink.subject == subject)
    asked = asked.where(PersonalLink.person == person) if person else asked
    return list(db.session.scalars(asked.order_by(PersonalLink.made_at.desc(), PersonalLink.id)))


def link_on(subject: str, link_id: str) -> PersonalLink | None:
    """A link of this very subject."""
    found = db.session.get(PersonalLink, link_id)
    return found if found and found.subject == subject else None


def comes_back(address: str | None) -> bool:
    """Whether the last mail to this address came back. A corrected address is another one: it starts afresh."""
    if not address:
        return False
    asked = select(Mail.state).where(func.lower(Mail.to) == address.lower()).order_by(Mail.made_at.desc()).limit(1)
    return db.session.scalar(asked) == BOUNCED

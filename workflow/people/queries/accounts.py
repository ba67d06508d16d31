"""Ways to sign in, and how far an invitation has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from workflow import clock
from workflow.db import db
from workflow.people.models import Account, OneTimeLink

INVITING = ("invite", "code")


def account_by_login(login: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.login == login.strip().lower()))


def account_of(person_id: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def account_at(address: str) -> Account | None:
    """The account of whoever reads the mails of this address: "anna+home@…" reaches "anna@…" with most servers."""
    wanted = _mailbox(address)
    rows = db.session.scalars(select(Account).join(Account.person)) if wanted else ()
    return next((row for row in rows if wanted in (_mailbox(row.login), _mailbox(row.person.email or ""))), None)


def _mailbox(address: str) -> str:
    """Without what one may write behind a plus sign; "" for what is no address."""
    name, at, domain = address.strip().lower().partition("@")
    return f"{name.partition('+')[0]}@{domain}" if at else ""


def accounts_of_demonstration() -> list[Account]:
    """Every open account with its person: the demonstration's sign-in page lists them."""
    return list(db.session.scalars(select(Account).where(Account.closed_at.is_(None)).order_by(Account.login)))


def anybody_there() -> bool:
    """Whether somebody can sign in here at all."""
    return db.session.scalar(select(Account.id).limit(1)) is not None


def unconfirmed(account: Account) -> bool:
    """Whether the person has an address that is not (yet) the one they sign in with."""
    return bool(account.person.email) and (account.person.email or "").lower() != account.login


def reset_address(account: Account) -> str:
    """Where a link for a new password may go: the address one signs in with, never one that waits to be confirmed."""
    return account.login if "@" in account.login else ""


def link(token: str, *purposes: str) -> OneTimeLink | None:
    """A one-time link that can still be used; None when unknown, spent, withdrawn or too old."""
    row = known_link(token, *purposes)
    return row if row and fate(row) == "alive" else None


def known_link(token: str, *purposes: str) -> OneTimeLink | None:
    """A one-time link, whether or not it can still be used."""
    row = db.session.get(OneTimeLink, sha256(token.encode()).hexdigest())
    return row if row and row.purpose in purposes else None


def fate(row: OneTimeLink) -> str:
    """What became of a link: alive | used | withdrawn | expired."""
    if row.used_at is not None:
        return "used"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "expired" if row.expires_at < clock.now() else "alive"


@dataclass(frozen=True)
class Invitation:
    """state: none | ready | sent | printed | expired | withdrawn | accepted | closed; since and until when known."""

    state: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def pending(self) -> bool:
        return self.state in ("sent", "printed")


def invitations(person_ids: Iterable[str]) -> dict[str, Invitation]:
    """How far each of these persons has come on the way to an account."""
    wanted = set(person_ids)
    accounts = {row.person_id: row for row in db.session.scalars(select(Account).where(Account.person_id.in_(wanted)))}
    links: dict[str, OneTimeLink] = {}
    asked = select(OneTimeLink).where(
        OneTimeLink.account_id.in_([row.id for row in accounts.values()]), OneTimeLink.purpose.in_(INVITING)
    )
    for row in db.session.scalars(asked.order_by(OneTimeLink.made_at)):
        links[row.account_id or ""] = row
    return {person: _invitation(accounts.get(person), links) for person in wanted}


def invitation(person_id: str) -> Invitation:
    return invitations([person_id])[person_id]


def _invitation(account: Account | None, links: dict[str, OneTimeLink]) -> Invitation:
    if account is None:
        return Invitation("none")
    if account.closed_at is not None:
        return Invitation("closed", account.closed_at)
    row = links.get(account.id)
    if row is not None and fate(row) == "alive":
        return Invitation("sent" if row.purpose == "invite" else "printed", row.made_at, row.expires_at)
    if account.password_hash:
        return Invitation("accepted", row.used_at if row else None)
    if row is None:
        return Invitation("ready")
    return Invitation("withdrawn" if fate(row) == "withdrawn" else "expired", row.withdrawn_at or row.expires_at)

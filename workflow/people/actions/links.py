"""Links that act once: a forgotten password, an invitation by mail, a printed code."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import select

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import Refused
from workflow.people import queries
from workflow.people.actions.accounts import account_for, set_password
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Account, OneTimeLink, Person
from workflow.people.rules import ALPHABET
from workflow.people.rules.codes import LENGTH
from workflow.record import actions as record
from workflow.record.models import HOUSE

LINK_LIFE = timedelta(hours=2)
INVITATION_LIFE = timedelta(days=7)


def ask_reset(account: Account) -> None:
    """Somebody forgot their password. The mail is a job: the reaction to this fact."""
    record.note(HOUSE, f"person:{account.person_id}", "ResetAsked", {}, account=account.id)


def make_link(account: Account | None, purpose: str, life: timedelta = LINK_LIFE, token: str = "") -> str:
    """The secret of a new one-time link; of it only the hash is kept."""
    token, now = token or secrets.token_urlsafe(24), clock.now()
    db.session.add(
        OneTimeLink(
            token_hash=sha256(token.encode()).hexdigest(),
            purpose=purpose,
            account_id=account.id if account else None,
            made_at=now,
            expires_at=now + life,
            used_at=None,
            withdrawn_at=None,
        )
    )
    db.session.flush()
    return token


def confirm_address(token: str) -> Account:
    """From now on one signs in with the new address. The door has checked the present password before.

    Raises Refused when the link is dead, or somebody else signs in with that address meanwhile.
    """
    account = _spend(token, "address")
    address = (account.person.email or "").lower()
    other = queries.account_by_login(address)
    if not address or (other is not None and other.id != account.id):
        raise Refused("link_spent", "This link has been used or is too old. Ask for a new one.")
    account.login = address
    withdraw_links(account)
    record.note(HOUSE, f"person:{account.person_id}", "AddressConfirmed", actor(account.person_id))
    return account


def withdraw_links(account: Account) -> int:
    """Every unused link of an account is dead from now on; how many there were."""
    asked = select(OneTimeLink).where(
        OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None), OneTimeLink.withdrawn_at.is_(None)
    )
    rows = list(db.session.scalars(asked))
    for row in rows:
        row.withdrawn_at = clock.now()
    return len(rows)


def reset_password(token: str, password: str, hashed: str) -> Account:
    """Spend the link and set the password (hashed before the transaction). Never signs in by itself."""
    account = _spend(token, "reset")
    set_password(account, password, hashed)
    return account


# -- invitations --------------------------------------------------------------------------------------------------


def invite(person_id: str, by: str) -> None:
    """Ask somebody in by mail: the link lives seven days, an older one is dead. The mail is the reaction to this fact.

    Raises Refused when they have no address, or have an account in use already.
    """
    person = locked(Person, person_id)
    if not person.email:
        raise Refused("no_email", "%(name)s has no e-mail address: print a code instead.", name=person.name)
    account = account_for(person, by)
    if account.password_hash:
        raise Refused(
            "already_in",
            "%(name)s has already accepted: whoever forgot a password chooses a new one from the sign-in page.",
            name=person.name,
        )
    withdraw_links(account)
    mark = new_id()
    make_link(account, "invite", INVITATION_LIFE, token=invitation_token(mark))
    record.note(HOUSE, f"person:{person_id}", "Invited", actor(by), channel="mail", mark=mark)


def invitation_token(mark: str) -> str:
    """The secret of a mailed invitation, made again from its mark when the mail is written: it is stored nowhere."""
    secret = current_app.config["RELAIS"].secret_key.encode()
    return urlsafe_b64encode(hmac.new(secret, f"invitation:{mark}".encode(), "sha256").digest()[:24]).decode()


def print_code(person_id: str, by: str) -> str:
    """A code to be handed over on paper; it works once, for seven days. Raises Refused when a mail does better."""
    person = locked(Person, person_id)
    account = account_for(person, by)
    if account.password_hash and person.email and person.bounced_at is None:
        raise Refused(
            "already_in",
            "%(name)s has already accepted: whoever forgot a password chooses a new one from the sign-in page.",
            name=person.name,
        )
    withdraw_links(account)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    make_link(account, "code", INVITATION_LIFE, token=code)
    record.note(HOUSE, f"person:{person_id}", "Invited", actor(by), channel="paper")
    if account.password_hash:
        record.note(HOUSE, f"person:{person_id}", "CodePrinted", actor(by))
    return code


def withdraw_invitation(person_id: str, by: str) -> None:
    """Raises Refused when nothing is pending any more."""
    account = queries.account_of(person_id)
    if account is None or not withdraw_links(account):
        raise Refused("no_invitation", "No invitation is waiting: it was accepted, withdrawn or is too old.")
    record.note(HOUSE, f"person:{person_id}", "InvitationWithdrawn", actor(by))


def accept_invitation(token: str, password: str, hashed: str) -> Account:
    """Spend the link, set the password. Raises Refused when the link is dead, Invalid when the password is weak."""
    account = _spend(token, "invite", "code")
    set_password(account, password, hashed)
    withdraw_links(account)
    record.note(HOUSE, f"person:{account.person_id}", "InvitationAccepted", actor(account.person_id))
    return account


def _spend(token: str, *purposes: str) -> Account:
    """The account behind a living link, which is dead from now on: two who spend it at once get it once."""
    row = queries.known_link(token, *purposes)
    row = locked(OneTimeLink, row.token_hash) if row else None
    if row is None or queries.fate(row) != "alive" or row.account_id is None:
        raise Refused("link_spent", "This link has been used or is too old. Ask for a new one.")
    row.used_at = clock.now()
    return locked(Account, row.account_id)

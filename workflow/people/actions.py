"""Write people: organisations, persons, accounts, assignments; sign in and out; a forgotten password."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Refused
from workflow.people import queries
from workflow.people.models import Account, Assignment, Body, OneTimeLink, Organisation, Person, Seat
from workflow.people.rules import SHORTEST, weakness
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of

HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes: above the OWASP floor
AT_ONCE = BoundedSemaphore(2)  # hashing is heavy on purpose: a storm of sign-ins must not starve the other pages
LINK_LIFE = timedelta(hours=2)


def put_organisation(slug: str, name: str, kind: str, city: str = "") -> Organisation:
    row = db.session.merge(Organisation(slug=slug, name=name, kind=kind, city=city))
    record.note(HOUSE, f"organisation:{slug}", "OrganisationPut", {}, organisation_kind=kind)
    return row


def put_person(
    person_id: str, name: str, email: str | None, phone: str | None = None, sentence: dict[str, str] | None = None
) -> Person:
    row = db.session.merge(
        Person(id=person_id, name=name, email=email, phone=phone, lang="fr", sentence=sentence or {})
    )
    record.note(HOUSE, f"person:{person_id}", "PersonPut", {})
    return row


def open_account(person: Person, password: str | None = None) -> Account:
    """Give a person a way to sign in. Without a password they choose one through a mailed link."""
    if not person.email:
        raise Refused("no_email", "This person has no e-mail address to sign in with.")
    row = Account(
        id=new_id(),
        person_id=person.id,
        login=person.email.lower(),
        closed_at=None,
        password_hash=hash_password(password) if password else None,
    )
    db.session.add(row)
    db.session.flush()
    record.note(HOUSE, f"person:{person.id}", "AccountOpened", {})
    return row


def assign(
    person_id: str,
    role: str,
    organisation: str | None,
    operation: str | None,
    *,
    since: date,
    until: date | None = None,
    employer: str | None = None,
    body: str | None = None,
) -> Assignment:
    row = Assignment(
        id=new_id(),
        person_id=person_id,
        role=role,
        organisation=organisation,
        employer=employer or organisation,
        operation_id=operation,
        body=body,
        since=since,
        until=until,
    )
    db.session.add(row)
    db.session.flush()
    record.note(
        chain_of(operation),
        f"person:{person_id}",
        "Assigned",
        {},
        role=role,
        organisation=organisation,
        employer=row.employer,
        body=body,
        since=since.isoformat(),
        until=until.isoformat() if until else None,
    )
    return row


def put_body(operation: str, slug: str, label: dict[str, str], quorum: int | None, rhythm: dict[str, Any]) -> Body:
    row = queries.body(operation, slug) or Body(id=new_id(), operation_id=operation, slug=slug)
    row.label, row.quorum, row.rhythm = label, quorum, rhythm
    db.session.add(row)
    db.session.flush()
    record.note(chain_of(operation), f"body:{row.id}", "BodyPut", {}, body=slug, quorum=quorum)
    return row


def seat(body: Body, organisation: str, person_id: str | None, substitute_id: str | None) -> Seat:
    row = Seat(
        id=new_id(),
        operation_id=body.operation_id,
        body_id=body.id,
        organisation=organisation,
        person_id=person_id,
        substitute_id=substitute_id,
    )
    db.session.add(row)
    db.session.flush()
    record.note(
        chain_of(body.operation_id),
        f"body:{body.id}",
        "Seated",
        {},
        organisation=organisation,
        person=person_id,
        substitute=substitute_id,
    )
    return row


# -- passwords ----------------------------------------------------------------------------------------------------


def hash_password(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(password)


@cache
def _nobody() -> str:
    """A hash that no password matches: an unknown login takes as long as a known one."""
    return hash_password(secrets.token_hex(16))


def right_password(account: Account | None, password: str) -> bool:
    """Whether the password is that account's. Runs outside any writing transaction."""
    stored = account.password_hash if account and account.closed_at is None else None
    with AT_ONCE:
        try:
            HASHER.verify(stored or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def note_sign_in(account: Account) -> None:
    record.note(HOUSE, f"person:{account.person_id}", "SignedIn", {"person": account.person_id})


def note_refused_sign_in(account: Account | None) -> None:
    """Kept on the chain of the house; for an unknown login nothing that could name it."""
    subject = f"person:{account.person_id}" if account else "person:unknown"
    record.note(HOUSE, subject, "SignInRefused", {})


def ask_reset(account: Account) -> None:
    """Somebody forgot their password. The mail is a job: the reaction to this fact."""
    record.note(HOUSE, f"person:{account.person_id}", "ResetAsked", {}, account=account.id)


def make_link(account: Account, purpose: str, life: timedelta = LINK_LIFE) -> str:
    """The secret of a new one-time link."""
    token, now = secrets.token_urlsafe(24), clock.now()
    db.session.add(
        OneTimeLink(
            token_hash=sha256(token.encode()).hexdigest(),
            purpose=purpose,
            account_id=account.id,
            made_at=now,
            expires_at=now + life,
            used_at=None,
        )
    )
    return token


def reset_password(token: str, password: str, hashed: str) -> Account:
    """Spend the link and set the password (hashed before the transaction). Never signs in by itself."""
    row = queries.link(token, "reset")
    if row is None:
        raise Refused("link_spent", "This link has been used or is too old. Ask for a new one.")
    account = db.session.get_one(Account, row.account_id)
    problem = weakness(password, account.login)
    if problem:
        raise Invalid([FieldError("password", WEAK[problem], {"count": SHORTEST})])
    row.used_at, account.password_hash = clock.now(), hashed
    record.note(HOUSE, f"person:{account.person_id}", "PasswordSet", {"person": account.person_id})
    return account


WEAK = {
    "short": "Choose at least %(count)s characters, for example four words.",
    "common": "This password is too easy to guess.",
    "login": "Do not use your own address in the password.",
}

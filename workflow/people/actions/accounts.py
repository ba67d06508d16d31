"""Write accounts: open and close them, passwords, signing in."""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Refused
from workflow.people import queries
from workflow.people.actions.locking import actor
from workflow.people.models import Account, Person
from workflow.people.rules import SHORTEST, WEAK, login_from, weakness
from workflow.record import actions as record
from workflow.record.models import HOUSE

HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes: above the OWASP floor
AT_ONCE = BoundedSemaphore(2)  # hashing is heavy on purpose: a storm of sign-ins must not starve the other pages


def open_account(person: Person, password: str | None = None) -> Account:
    """Give a person a way to sign in. Without a password they choose one through a mailed link."""
    if not person.email:
        raise Refused("no_email", "This person has no e-mail address to sign in with.")
    return add_account(person, person.email.lower(), hash_password(password) if password else None)


def add_account(person: Person, login: str, hashed: str | None = None, by: str | None = None) -> Account:
    """An account under that login. Raises Refused when somebody else signs in with it."""
    if queries.account_by_login(login) is not None:
        raise Refused("login_taken", "Somebody else already signs in with %(login)s.", login=login)
    row = Account(id=new_id(), person_id=person.id, login=login, closed_at=None, password_hash=hashed)
    db.session.add(row)
    db.session.flush()
    record.note(HOUSE, f"person:{person.id}", "AccountOpened", actor(by))
    return row


def account_for(person: Person, by: str) -> Account:
    """The account of a person, opened now when they have none; without e-mail its login is made from their name."""
    found = queries.account_of(person.id)
    if found is None:
        taken = lambda login: queries.account_by_login(login) is not None  # noqa: E731
        return add_account(person, person.email.lower() if person.email else login_from(person.name, taken), by=by)
    if found.closed_at is not None:
        found.closed_at = None
        record.note(HOUSE, f"person:{person.id}", "AccountOpened", actor(by))
    return found


def close_account(account: Account, by: str) -> None:
    """Nobody signs in with it any more. Their sessions give nothing from the next request on."""
    account.closed_at = clock.now()
    record.note(HOUSE, f"person:{account.person_id}", "AccountClosed", actor(by))


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


def check_password(password: str, login: str, field: str = "password") -> None:
    """Raises Invalid with the reason why a password will not do."""
    problem = weakness(password, login)
    if problem:
        raise Invalid([FieldError(field, WEAK[problem], {"count": SHORTEST})])


def set_password(account: Account, password: str, hashed: str) -> None:
    """`hashed` is the same password, hashed before the transaction. Raises Invalid when it will not do."""
    check_password(password, account.login)
    account.password_hash = hashed
    record.note(HOUSE, f"person:{account.person_id}", "PasswordSet", actor(account.person_id))


def note_sign_in(account: Account) -> None:
    record.note(HOUSE, f"person:{account.person_id}", "SignedIn", actor(account.person_id))


def note_refused_sign_in(account: Account | None) -> None:
    """Kept on the chain of the house; for an unknown login nothing that could name it."""
    subject = f"person:{account.person_id}" if account else "person:unknown"
    record.note(HOUSE, subject, "SignInRefused", {})

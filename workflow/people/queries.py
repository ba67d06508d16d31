"""Who is who, and who holds what now."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import or_, select

from workflow import clock
from workflow.access import Grant, Identity
from workflow.db import db, unscoped
from workflow.people.models import Account, Assignment, Body, OneTimeLink, Organisation, Person, Seat


def identity_of(account_id: str) -> Identity | None:
    """The person behind an open account, with what they hold today; None when the account is closed."""
    account = db.session.get(Account, account_id)
    if account is None or account.closed_at is not None:
        return None
    return identity_of_person(account.person, account.id)


def identity_of_person(person: Person, account_id: str | None = None) -> Identity:
    return Identity(person.id, person.name, person.lang, grants_of(person.id), account_id)


def grants_of(person_id: str) -> tuple[Grant, ...]:
    """Every assignment of a person that is in force today."""
    rows = db.session.scalars(_in_force().where(Assignment.person_id == person_id).order_by(Assignment.since))
    return tuple(Grant(row.role, row.organisation, row.operation_id, row.employer, row.body) for row in rows)


def _in_force():
    today = clock.today()
    return select(Assignment).where(
        Assignment.since <= today, or_(Assignment.until.is_(None), Assignment.until >= today)
    )


def holders(operation: str, roles: Iterable[str] = (), body: str | None = None) -> list[Assignment]:
    """Assignments in force in an operation, by role or by seat in a body."""
    asked = _in_force().where(Assignment.operation_id == operation)
    asked = asked.where(Assignment.body == body) if body else asked.where(Assignment.role.in_(list(roles)))
    return list(db.session.scalars(asked.order_by(Assignment.person_id)))


def person(person_id: str | None) -> Person | None:
    return db.session.get(Person, person_id) if person_id else None


def names(person_ids: Iterable[str]) -> dict[str, str]:
    """{person id: name}, for lists and timelines."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(set(person_ids))))
    return {row.id: row.name for row in rows}


def organisation_names() -> dict[str, str]:
    return {row.slug: row.name for row in db.session.execute(select(Organisation.slug, Organisation.name))}


def organisations() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


def account_by_login(login: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.login == login.strip().lower()))


def accounts_of_demonstration() -> list[Account]:
    """Every open account with its person: the demonstration's sign-in page lists them."""
    return list(db.session.scalars(select(Account).where(Account.closed_at.is_(None)).order_by(Account.login)))


def link(token: str, purpose: str) -> OneTimeLink | None:
    """A one-time link that can still be used; None when unknown, spent or too old."""
    row = db.session.get(OneTimeLink, sha256(token.encode()).hexdigest())
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at < clock.now():
        return None
    return row


def body(operation: str, slug: str) -> Body | None:
    return db.session.scalar(select(Body).where(Body.operation_id == operation, Body.slug == slug))


def bodies(operation: str) -> list[Body]:
    return list(db.session.scalars(select(Body).where(Body.operation_id == operation).order_by(Body.slug)))


def seats(operation: str, slug: str) -> list[Seat]:
    found = body(operation, slug)
    return list(db.session.scalars(select(Seat).where(Seat.body_id == found.id))) if found else []


def operations_of_everybody() -> frozenset[str]:
    """Every operation somebody is assigned to: for jobs, which act for no person."""
    with unscoped("jobs act for no person"):
        rows = db.session.scalars(select(Assignment.operation_id).where(Assignment.operation_id.is_not(None)))
        return frozenset(row for row in rows if row)

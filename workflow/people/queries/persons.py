"""Persons: who they are, and who may see and change whom."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.people.models import Account, Assignment, Person
from workflow.people.queries.identities import in_force, not_over, operations_set_up_by
from workflow.people.queries.surroundings import partners_of


def person(person_id: str | None) -> Person | None:
    return db.session.get(Person, person_id) if person_id else None


def names(person_ids: Iterable[str]) -> dict[str, str]:
    """{person id: name}, for lists and timelines."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def person_with_email(email: str, *, but: str | None = None) -> Person | None:
    """Somebody else at this address."""
    wanted = email.strip().lower()
    rows = db.session.scalars(select(Person).where(Person.email.is_not(None), Person.id != (but or "")))
    return next((row for row in rows if (row.email or "").lower() == wanted), None)


def persons_seen_by(identity: Identity) -> list[Person]:
    """Who this person may know of, by name.

    All of them for an administrator of the installation. For who sets up an operation: everybody who is or was
    assigned there, and whoever works for or acts for one of its partners. For everybody: the colleagues of today.
    """
    return list(db.session.scalars(_seen_by(identity).order_by(Person.name)))


def outsiders(rows: Iterable[Person]) -> set[str]:
    """Of these, who was only ever asked for an opinion from outside: no employer, no account, nothing ever held."""
    alone = {row.id for row in rows if not row.organisation}
    held = select(Assignment.person_id).where(Assignment.person_id.in_(alone))
    accounts = select(Account.person_id).where(Account.person_id.in_(alone))
    return alone - set(db.session.scalars(held)) - set(db.session.scalars(accounts)) if alone else set()


def sees(identity: Identity, person_id: str) -> bool:
    if person_id == identity.person:
        return True
    return db.session.scalar(_seen_by(identity).with_only_columns(Person.id).where(Person.id == person_id)) is not None


def _seen_by(identity: Identity):
    everybody = select(Person)
    if access.administers(identity):
        return everybody
    described = operations_set_up_by(identity)
    partners = partners_of(described)
    colleagues = in_force().where(Assignment.operation_id.in_(sorted(identity.operations)))
    there = select(Assignment.person_id).where(
        or_(
            Assignment.operation_id.in_(sorted(described)),
            Assignment.organisation.in_(sorted(partners)),
            Assignment.employer.in_(sorted(partners)),
        )
    )
    return everybody.where(
        or_(
            Person.id == identity.person,
            Person.id.in_(colleagues.with_only_columns(Assignment.person_id)),
            Person.id.in_(there),
            Person.organisation.in_(sorted(partners)),
        )
    )


def may_look_after(identity: Identity, person_id: str) -> bool:
    """Whether this person may change that one's name and address, and invite them.

    Who holds something elsewhere, or looks after the installation, is changed by its administrators only: a changed
    address is a way into the account.
    """
    if access.administers(identity):
        return True
    described = operations_set_up_by(identity)
    if not described or not sees(identity, person_id):
        return False
    held = db.session.scalars(
        select(Assignment.operation_id).where(Assignment.person_id == person_id, not_over()).distinct()
    )
    return all(place in described for place in held)

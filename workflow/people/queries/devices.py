"""Whose device sends something, and what that person may do there now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from workflow import clock
from workflow.access import Grant, Identity
from workflow.db import db
from workflow.people.models import Account, Assignment, Device, Person
from workflow.people.queries.identities import in_force


def hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Sender:
    """A device that may send: its id, its operation, and its person with what they hold there by themselves."""

    device: str
    operation: str
    identity: Identity


def sender(secret: str) -> Sender | None:
    """Who sends under this secret; None once it was taken back, is too old, or its person may not sign in any more."""
    asked = (
        select(Device.id, Device.operation_id, Device.expires_at, Person.id, Person.name, Person.lang)
        .join(Person, Person.id == Device.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(Device.token_hash == hashed(secret), Device.withdrawn_at.is_(None), Account.closed_at.is_(None))
    )
    found = db.session.execute(asked).one_or_none()
    if found is None or found.expires_at <= clock.now():
        return None
    device, operation, _expires, person, name, lang = found
    return Sender(device, operation, Identity(person, name, lang, _held(person, operation)))


def _held(person: str, operation: str) -> tuple[Grant, ...]:
    columns = (Assignment.role, Assignment.organisation, Assignment.operation_id, Assignment.employer, Assignment.body)
    asked = in_force().with_only_columns(*columns)
    asked = asked.where(Assignment.person_id == person, Assignment.operation_id == operation)
    return tuple(Grant(*row) for row in db.session.execute(asked.order_by(Assignment.since)))


def devices_of(person_id: str) -> list[Device]:
    """The devices of a person that may still send, the newest first."""
    asked = select(Device).where(
        Device.person_id == person_id, Device.withdrawn_at.is_(None), Device.expires_at > clock.now()
    )
    return list(db.session.scalars(asked.order_by(Device.made_at.desc(), Device.id)))


def device_names(device_ids: Iterable[str]) -> dict[str, str]:
    """{id: name} of devices, for lists."""
    wanted = set(device_ids)
    rows = db.session.execute(select(Device.id, Device.name).where(Device.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}

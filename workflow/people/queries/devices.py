"""Whose device sends something, and what that person may do there now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import bindparam, select

from workflow import clock
from workflow.access import Identity
from workflow.db import db
from workflow.people.models import Account, Device, Person
from workflow.people.queries.identities import grants_in

_SENDS = (
    select(Device.id, Device.operation_id, Device.expires_at, Person.id, Person.name, Person.lang)
    .join(Person, Person.id == Device.person_id)
    .join(Account, Account.person_id == Person.id)
    .where(Device.token_hash == bindparam("token"), Device.withdrawn_at.is_(None), Account.closed_at.is_(None))
)


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
    found = db.session.execute(_SENDS, {"token": hashed(secret)}).one_or_none()
    if found is None or found.expires_at <= clock.now():
        return None
    device, operation, _expires, person, name, lang = found
    return Sender(device, operation, Identity(person, name, lang, grants_in(operation, person)))


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

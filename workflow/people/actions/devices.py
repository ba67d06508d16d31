"""Telephones and tablets that send answers: each has an address of its own, shown once, which may be taken back."""

from __future__ import annotations

import secrets
from datetime import timedelta

from workflow import access, clock
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import FieldError, Forbidden, Invalid, NotFound
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Device
from workflow.people.queries.devices import hashed
from workflow.record import actions as record
from workflow.record.models import HOUSE

LIFE = timedelta(days=90)  # a telephone that is lost or handed on does not open anything for longer


def add_device(identity: Identity, operation: str, name: str) -> tuple[Device, str]:
    """A new device of this person, and its secret: of it only the hash is kept.

    Raises Forbidden where this person fills in nothing, Invalid without a name.
    """
    if not access.may_fill(identity, operation):
        raise Forbidden()
    called = " ".join(name.split())
    if not called:
        raise Invalid([FieldError("name", "Give this device a name, for example: tablet of the desk.")])
    secret, now = secrets.token_urlsafe(24), clock.now()
    row = Device(
        id=new_id(),
        token_hash=hashed(secret),
        person_id=identity.person,
        operation_id=operation,
        name=called[:80],
        made_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(row)
    db.session.flush()
    record.note(HOUSE, f"person:{identity.person}", "DeviceAdded", actor(identity.person), device=row.id)
    return row, secret


def withdraw_device(identity: Identity, device_id: str) -> Device:
    """From now on nothing sent from there is taken. Raises NotFound when it is somebody else's."""
    row = locked(Device, device_id)
    if row.person_id != identity.person:
        raise NotFound()
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        record.note(HOUSE, f"person:{identity.person}", "DeviceWithdrawn", actor(identity.person), device=row.id)
    return row

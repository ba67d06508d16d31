"""Whom somebody calls who is asked to sign."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.people import queries as people
from workflow.signing.models import Room


@dataclass(frozen=True)
class Contact:
    """phone: their own, or their office's; address: of the office, on its letters."""

    name: str = ""
    phone: str = ""
    organisation: str = ""
    address: str = ""


def whom_to_call(row: Room) -> Contact:
    """Whoever opened the room."""
    who = people.person(row.opened_by or row.made_by)
    if who is None:
        return Contact()
    held = (one for one in people.grants_of(who.id) if one.operation == row.operation_id and one.organisation)
    grant = next(held, None)
    office = people.organisation(grant.organisation) if grant else None
    if office is None:
        return Contact(who.name, who.phone or "")
    return Contact(who.name, who.phone or office.phone, office.name, office.address)

"""Whom a household calls that is asked something, and who asks it."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.people import queries as people
from workflow.surveys.models import Survey
from workflow.surveys.queries.surveys import operation_of


@dataclass(frozen=True)
class Contact:
    """asking: the organisation that answers for the operation. phone: their own, or their office's."""

    asking: str
    name: str = ""
    phone: str = ""
    organisation: str = ""


def whom_to_call(row: Survey) -> Contact:
    """Whoever runs the survey."""
    place, who = operation_of(row), people.person(row.made_by)
    owner = people.organisation(place.owner)
    asking = owner.name if owner else place.name
    if who is None:
        return Contact(asking, phone=owner.phone if owner else "")
    held = (one for one in people.grants_of(who.id) if one.operation == row.operation_id and one.organisation)
    grant = next(held, None)
    office = people.organisation(grant.organisation) if grant else owner
    phone = who.phone or (office.phone if office else "")
    return Contact(asking, who.name, phone, office.name if office else "")

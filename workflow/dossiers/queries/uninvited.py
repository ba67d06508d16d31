"""Invitations that came back: whoever sent them, and whoever sets the operation up, sees to it."""

from __future__ import annotations

from sqlalchemy import select

from workflow import access
from workflow.access import Identity
from workflow.approvals.queries import Errand
from workflow.db import db
from workflow.people import queries as people
from workflow.people.models import Person
from workflow.record.queries import facts


def errands(identity: Identity) -> list[Errand]:
    """One for each person whose address does not work and who has not come in yet, by mail or by code."""
    if not _invites(identity):
        return []
    asked = select(Person).where(Person.bounced_at.is_not(None)).order_by(Person.id)
    rows = list(db.session.scalars(asked))
    invitations = people.invitations(row.id for row in rows) if rows else {}
    return [
        _errand(row, invitations[row.id].state) for row in rows if _waits(invitations[row.id]) and _mine(identity, row)
    ]


def _waits(told: people.Invitation) -> bool:
    """Not come in yet, whether or not the link is still good."""
    return told.state in ("sent", "expired")


def _invites(identity: Identity) -> bool:
    return access.administers(identity) or any(access.may_set_up(identity, one) for one in identity.operations)


def _mine(identity: Identity, row: Person) -> bool:
    if access.administers(identity):
        return True
    places = {grant.operation for grant in people.grants_of(row.id) if grant.operation}
    if any(access.may_set_up(identity, place) for place in places):
        return True
    invited = [fact for fact in facts(f"person:{row.id}") if fact.kind == "Invited"]
    return bool(invited) and invited[-1].actor.get("person") == identity.person


def _errand(row: Person, state: str) -> Errand:
    expired = "Its link is too old as well. Correct the address, then send the invitation again, or print a code."
    return Errand(
        page="people.person",
        args={"person_id": row.id},
        words="The invitation to %(who)s came back",
        who=row.name,
        hint=expired if state == "expired" else "Correct the address, or print a code.",
        since=row.bounced_at,
    )

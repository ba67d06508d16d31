"""Who looks after the installation begins to describe one operation."""

from __future__ import annotations

from workflow import access, clock
from workflow.access import Identity
from workflow.errors import NotFound
from workflow.operations.actions.ground import hold, note
from workflow.people import actions as people
from workflow.people.models import Assignment


def take_charge(identity: Identity, operation_id: str) -> Assignment | None:
    """An explicit act, on the record: from today on this person describes the operation. None when they do already."""
    if not access.administers(identity):
        raise NotFound()
    row = hold(operation_id)
    if access.may_set_up(identity, operation_id):
        return None
    held = next(grant for grant in identity.grants if grant.role == "administrator" and grant.operation is None)
    given = people.assign(
        identity.person,
        "administrator",
        held.organisation,
        operation_id,
        since=clock.today(row.zone),
        employer=held.employer,
        by=identity.person,
    )
    note(operation_id, "TakenInCharge", identity.person, assignment=given.id)
    return given

"""Partners: which organisations take part, and whether households are asked before they read of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.db import db
from workflow.errors import FieldError, Invalid
from workflow.operations import queries
from workflow.operations.actions.ground import keep, note, nothing_hangs, take
from workflow.operations.models import Partner


def put_partner(
    operation_id: str, told: Mapping[str, Any], by: str, partner_id: str | None = None, version: int = 0
) -> Partner:
    """Add a partner {organisation, part, consent}, or change one. Procedures are fitted again by the job that follows.

    Raises Invalid when the organisation is a partner already, Moved when somebody changed the row meanwhile.
    """
    row = take(Partner, operation_id, partner_id, version)
    if any(
        other.organisation == told["organisation"] and other.id != row.id for other in queries.partners(operation_id)
    ):
        raise Invalid([FieldError("organisation", "This organisation already takes part in the operation.")])
    if row.part == "controller":  # only another one that carries the operation takes that part away
        told = {**told, "part": "controller"}
    keep(row, told)
    note(
        operation_id,
        "PartnerPut",
        by,
        partner=row.id,
        organisation=row.organisation,
        part=row.part,
        consent=row.consent,
    )
    return row


def remove_partner(operation_id: str, partner_id: str, version: int, by: str) -> None:
    """An organisation no longer takes part. Refused when buildings, households, seats or people still need it."""
    row = take(Partner, operation_id, partner_id, version)
    nothing_hangs(operation_id, "partner", row.organisation)
    db.session.delete(row)
    note(operation_id, "PartnerRemoved", by, partner=row.id, organisation=row.organisation)

"""Keep whose certificate made a signature: its names sealed, its fingerprint told to the record."""

from __future__ import annotations

import json
from datetime import datetime

from documents.holders import Holder
from workflow.db import db, new_id
from workflow.record import actions as record
from workflow.signing.actions.keeping import note
from workflow.signing.models import Certificate, Revision, Room


def remember(
    row: Room, made: Revision, holder: Holder, *, signatory: str, field: str, at: datetime | None, by: str
) -> Certificate:
    """Whose certificate signed in `field` in this state of the file. at: when, by the time stamp."""
    said = json.dumps({"name": holder.name, "issuer": holder.issuer}, ensure_ascii=False)
    found = Certificate(
        id=new_id(),
        operation_id=row.operation_id,
        room_id=row.id,
        revision_id=made.id,
        signatory_id=signatory,
        field=field[:200],
        told=record.keep_text(row.subject, said),
        fingerprint=holder.fingerprint,
        since=holder.since,
        until=holder.until,
        claims_qualified=holder.claims_qualified,
        signed_at=at,
    )
    db.session.add(found)
    told = {"fingerprint": holder.fingerprint, "claims_qualified": holder.claims_qualified, "after": made.after}
    note(row, "SignedWithCertificate", by, signatory=signatory, **told)
    return found

"""After the last signature: the last seal where it was asked for, then the time stamp that closes the file."""

from __future__ import annotations

from flask import current_app

from documents import signing as documents
from documents.fields import LAST_SEAL
from workflow import outbox
from workflow.db import db
from workflow.filing import queries as filing
from workflow.operations.queries import operation as find_operation
from workflow.signing.actions import delivering
from workflow.signing.actions.keeping import keep, note
from workflow.signing.models import ARCHIVED, COMPLETE
from workflow.signing.queries import revisions, rooms


def close(lease: outbox.Lease) -> None:
    """Done once; nothing is done to a file that only lives on paper. Raises NoKey, NoToken (the time-stamping
    service does not answer): it is tried again later.
    """
    known = rooms.Open(rooms.by_subject(lease.subject))
    row, last = known.row, revisions.present(known.row)
    if row.state != COMPLETE:
        return
    if last.why == ARCHIVED or (row.seal == "first" and not row.archive):
        with lease.finish():
            delivering.ask(rooms.by_subject(lease.subject))
        return
    data, mark, seal_last, archive = revisions.bytes_of(row, last), last.after, row.seal == "last", row.archive
    place = find_operation(row.operation_id)
    city = place.city if place else ""
    at = revisions.instant(row)
    db.session.rollback()
    config, now = current_app.config["RELAIS"], at.replace(microsecond=0)
    authority = filing.authority(config)
    if seal_last:
        data = filing.seal(config).sealed(data, at=now, reason="", location=city, field_name=LAST_SEAL)
    if archive:
        data = documents.archive(data, authority, at=now, stamper=filing.stamper(config))
    with lease.finish():
        row = rooms.by_subject(lease.subject)
        if revisions.present(row).after == mark:
            made = keep(row, data, ARCHIVED, before=mark)
            note(row, "RoomArchived", "", sha256=made.after)
        delivering.ask(row)

"""The signatures are opened: nothing of what was prepared changes any more, and those of the first rank are asked."""

from __future__ import annotations

from flask import current_app

from documents.authority import NoKey
from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.circuit.decide import Actor
from workflow.errors import FieldError, Forbidden, Invalid, Moved, Refused
from workflow.filing import queries as filing
from workflow.filing.models import READY
from workflow.filing.rules.certificates import holds_until
from workflow.signing.actions.keeping import keep, note
from workflow.signing.models import BASE, OPEN, PREPARING, Room
from workflow.signing.queries import rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.readiness import lacking
from workflow.signing.queries.rooms import Open
from workflow.signing.queries.told import RUNNING

SEAL_ENDS = (
    "The certificate of this installation’s seal ends before the last day to sign: the document could not be closed. "
    "Choose an earlier day, or have the certificate renewed by the person who runs the server."
)


def open_room(identity: Identity, reference: str, version: int) -> Room:
    """Raises Invalid with what must be mended, Moved when something was changed meanwhile, Refused, Forbidden."""
    row = rooms.room(reference, lock=True)
    if not runs(identity, row):
        raise Forbidden()
    if row.state != PREPARING:
        raise Refused("room_open", "The signatures are open already.")
    if version != row.version:
        raise Moved()
    known = Open(row)
    if known.paper.state != READY or known.paper.void_at is not None:
        raise Refused("paper_void", "This document counts no more: it cannot be signed.")
    _check_seal(row)
    found = lacking(known)
    if found:
        raise Invalid([FieldError(one.seat, one.message, one.params) for one in found])
    first = keep(row, filing.bytes_of(known.paper, "pdf"), BASE)
    row.state, row.opened_by, row.opened_at = OPEN, identity.person, clock.now()
    row.version += 1
    note(row, "RoomOpened", identity.person, paper=row.paper_id, sha256=first.after, signatories=len(known.parties))
    approvals.start(row.subject, row.operation_id, Actor(identity.person, RUNNING, None))
    return row


def _check_seal(row: Room) -> None:
    """What is signed until the last day must then be sealed and closed. Raises Refused."""
    try:
        ends = filing.seal(current_app.config["RELAIS"]).ends
    except NoKey as fault:
        message = "This installation cannot seal at the moment: nobody is asked to sign. Whoever runs it knows why."
        raise Refused("no_key", message) from fault
    if not holds_until(ends, row.until or clock.today()):
        raise Refused("seal_ends", SEAL_ENDS)

"""What the installation does for itself: once a day, and when its operator asks."""

from __future__ import annotations

from sqlalchemy import select

from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.dashboards.queries.installation import VERIFIED
from workflow.db import db, unscoped
from workflow.operations.models import Operation
from workflow.outbox import Outbox
from workflow.record import actions as record
from workflow.record import queries
from workflow.record.models import HOUSE

NEW_DAY = "dashboards.new_day"
VERIFY = "dashboards.verify_record"
RECORD = "house:record"


def begin_day() -> None:
    """Ask for the work of a new day, unless it was asked for already. Called by the clock as often as it likes."""
    day = clock.today().isoformat()
    key = f"{NEW_DAY}:{day}"
    if db.session.scalar(select(Outbox.id).where(Outbox.key == key)) is None:
        outbox.add(NEW_DAY, subject=RECORD, key=key)
    db.session.commit()


def ask_verification(person: str, request_key: str) -> None:
    """An operator wants all journals read through now."""
    outbox.add(VERIFY, subject=RECORD, key=f"{VERIFY}:{person}:{request_key}"[:200])


def refresh_everybody() -> None:
    """Assignments begin and end with the day: say again whom the open steps of each operation wait for."""
    with unscoped("a new day begins in every operation"):
        for operation in db.session.scalars(select(Operation.id).order_by(Operation.id)).all():
            approvals.refresh(operation)


def verify_record() -> None:
    """Read every journal through and note what was found, in the journal of the house."""
    faults = queries.faults()
    lines = sum(chain.head_seq for chain in queries.chains())
    broken = [[fault.chain, fault.seq] for fault in faults]
    record.note(HOUSE, RECORD, VERIFIED, {"process": "worker"}, lines=lines, broken=broken)

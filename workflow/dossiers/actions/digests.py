"""Each working morning at seven, the daily mails are asked for; called by the clock as often as it likes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import select

from workflow import clock, outbox
from workflow.circuit.deadlines import Calendar
from workflow.db import db, unscoped
from workflow.dossiers.models import Notice
from workflow.dossiers.rules import DAILY, WAITING
from workflow.operations.models import Operation
from workflow.outbox import Outbox

DIGEST = "dossiers.daily_mails"
AT = time(7)
log = structlog.get_logger()


def ask_daily_mails() -> None:
    """Once a working day for each time zone in which something waited for the morning."""
    with unscoped("the morning comes to every operation"):
        for zone in db.session.scalars(select(Operation.zone).distinct()).all():
            try:
                morning = this_morning(zone)
            except (ZoneInfoNotFoundError, ValueError):  # one zone misspelt must not silence the others
                log.error("unknown_zone", zone=zone)
                continue
            if morning and waiting_since_before(morning, zone):
                _ask(zone, morning)
        db.session.commit()


def this_morning(zone: str) -> datetime | None:
    """Today's hour of the daily mails, once it is past; None on a day on which nobody works."""
    there = clock.now().astimezone(ZoneInfo(zone))
    if there.time() < AT or not Calendar().works(there.date()):
        return None
    return datetime.combine(there.date(), AT, ZoneInfo(zone))


def waiting_since_before(morning: datetime, zone: str) -> list[Notice]:
    """What came since, waits for the next morning."""
    operations = select(Operation.id).where(Operation.zone == zone)
    asked = select(Notice).where(
        Notice.channel == DAILY,
        Notice.state == WAITING,
        Notice.mail_id.is_(None),
        Notice.made_at < morning,
        Notice.operation_id.in_(operations),
    )
    return list(db.session.scalars(asked.order_by(Notice.made_at, Notice.id)))


def _ask(zone: str, morning: datetime) -> None:
    key = f"{DIGEST}:{zone}:{morning.date().isoformat()}"
    if db.session.scalar(select(Outbox.id).where(Outbox.key == key)) is None:
        outbox.add(DIGEST, subject=f"zone:{zone}", key=key)


def zone_of(subject: str) -> str:
    return subject.removeprefix("zone:")


def by_person(rows: Iterable[Notice]) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = {}
    for row in rows:
        found.setdefault(row.person, []).append(row)
    return found

"""The clock process: rings for what is due, lets deadlines pass. It remembers nothing that matters."""

from __future__ import annotations

import signal
import threading
import time

import structlog
from sqlalchemy.exc import DBAPIError

from workflow import outbox
from workflow.approvals import actions as approvals
from workflow.dashboards import actions as dashboards
from workflow.db import db
from workflow.dossiers.actions import digests, refreshing
from workflow.signing.actions import last_days, milestones

RING_EVERY = 2.0  # seconds
TIME_EVERY = 30.0  # seconds
log = structlog.get_logger()


def keep_time() -> None:
    """Until SIGTERM or SIGINT. A database that does not answer is asked again."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    rung: dict[str, float] = {}
    passed = float("-inf")
    while not stop.is_set():
        now = time.monotonic()
        if _beat(rung, now, now - passed >= TIME_EVERY):
            passed = now
        stop.wait(RING_EVERY)


def _beat(rung: dict[str, float], now: float, time_passes: bool) -> bool:
    """One round. Whether time was passed."""
    try:
        outbox.relay_once(rung, now)
        if time_passes:
            approvals.pass_time()
            dashboards.begin_day()
            digests.ask_daily_mails()
            refreshing.pass_days()
            milestones.ask_reminders()
            last_days.pass_days()
        return time_passes
    except DBAPIError as problem:
        log.warning("database_silent", error=type(problem).__name__)
        return False
    finally:
        db.session.remove()

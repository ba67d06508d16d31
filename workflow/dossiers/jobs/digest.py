"""The daily mail: what those who prefer one mail a day should know this morning."""

from __future__ import annotations

from workflow import outbox
from workflow.db import unscoped
from workflow.dossiers.actions.digests import by_person, this_morning, waiting_since_before, zone_of
from workflow.dossiers.actions.telling import WORKER, drop
from workflow.dossiers.jobs.mails import send_digest
from workflow.dossiers.models import Notice
from workflow.dossiers.queries.notices import holds
from workflow.people.queries import person


def daily_mails(lease: outbox.Lease) -> None:
    """One mail for each person to whom something is still to be said, for the operations of one time zone."""
    zone = zone_of(lease.subject)
    with unscoped("a job acts for no person"), lease.finish():
        morning = this_morning(zone)
        if morning is None:
            return  # the work waited until a day on which nobody works: the next working morning tells it all
        for person_id, rows in by_person(waiting_since_before(morning, zone)).items():
            who, news = person(person_id), _still_so(rows)
            if who and who.email and news:
                send_digest(who, news, f"digest:{lease.id}:{who.id}")


def _still_so(rows: list[Notice]) -> list[Notice]:
    past = [row for row in rows if not holds(row)]
    for row in past:
        drop(row, WORKER)
    return [row for row in rows if row not in past]

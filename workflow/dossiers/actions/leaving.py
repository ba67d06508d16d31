"""Somebody leaves, or a mission ends: the access closes at its hour, what they held passes to named persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from workflow import clock, outbox
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.actions.handing_over import carry_out
from workflow.dossiers.models import Handover
from workflow.dossiers.queries.handovers import CANCELLED, PLANNED, STOPPED
from workflow.dossiers.queries.held import assignments
from workflow.dossiers.queries.succession import Departure, Succession
from workflow.errors import Refused
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.models import Assignment
from workflow.record import actions as record
from workflow.record.models import chain_of

JOB = "dossiers.depart"


def leave(asked: Succession, by: str, *, whole: str | None = None) -> list[Handover]:
    """Close the access and hand everything over, now or at `asked.at`; one row for each departure.

    whole: the person whose roles for the whole installation end as well. Raises Refused when anything would be left
    without an owner, or for the last administrator: nothing is done then.
    """
    asked = replace(asked, by=by)
    if queries.doubts(asked)[0]:
        raise Refused("without_owner", "Somebody must take over each thing: choose a person wherever it is asked.")
    now = clock.now()
    at = None if asked.at is None or asked.at <= now else asked.at
    rows = [_plan(one, asked, by, at) for one in asked.departures]
    elsewhere = [_end(row, by, at) for row in assignments(whole, None)] if whole else []
    if rows:
        rows[0].passed = rows[0].passed | {"whole": elsewhere}
    db.session.flush()
    for row in rows:
        if at is None:
            carry_out(row)
        else:
            _wait(row, by)
    return rows


def _plan(one: Departure, asked: Succession, by: str, at: Any) -> Handover:
    row = Handover(
        id=new_id(),
        operation_id=one.operation,
        person=one.person,
        successor=asked.successor,
        at=at or clock.now(),
        state=PLANNED,
        reason=asked.reason,
        asked_by=by,
        asked_at=clock.now(),
        done_at=None,
        passed={
            "others": dict(asked.others),
            "close": asked.close,
            "organisation": one.organisation,
            "why": record.keep_text(f"operation:{one.operation}", asked.why),
            "ending": [_end(row, by, at) for row in one.ending],
        },
    )
    db.session.add(row)
    return row


def _end(row: Assignment, by: str, at: Any) -> str:
    people.end_assignment(row, by, at)
    return row.id


def _wait(row: Handover, by: str) -> None:
    """Ask for the work at its hour."""
    after = max(row.at - clock.now(), timedelta(seconds=1))
    outbox.add(JOB, subject=f"handover:{row.id}", key=f"{JOB}:{row.id}", after=after)
    _note(row, "HandoverPlanned", by, at=row.at.isoformat())


def cancel(row: Handover, by: str) -> None:
    """It does not happen: the access stays open. Raises Refused once the hour has come."""
    if row.state != PLANNED or row.at <= clock.now():
        raise Refused("too_late", "This departure is done already: give the person a new role instead.")
    for assignment_id in (*row.passed["ending"], *row.passed.get("whole", ())):
        found = who.assignment(assignment_id)
        if found and found.ended_at == row.at:
            found.ended_at = None
            found.version += 1
    row.state = CANCELLED
    _note(row, "HandoverCancelled", by)


def stop(row: Handover) -> None:
    """The hour has come, but something would be left without an owner: somebody must choose again."""
    row.state = STOPPED
    _note(row, "HandoverStopped", row.asked_by)


def _note(row: Handover, kind: str, by: str, **more: Any) -> None:
    told = {"leaver": row.person, "successor": row.successor, **more}
    record.note(chain_of(row.operation_id), f"handover:{row.id}", kind, {"person": by}, **told)

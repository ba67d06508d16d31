"""A survey is begun from an approved questionnaire; households come onto its list, each with a code; it is closed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from workflow import clock
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused
from workflow.operations.queries import operation as find_operation
from workflow.record import actions as record
from workflow.surveys.actions.telling import note
from workflow.surveys.models import CLOSED, OPEN, Recipient, Survey
from workflow.surveys.queries.homes import Home, homes
from workflow.surveys.queries.recipients import mark_of
from workflow.surveys.queries.surveys import approved, may_run, survey
from workflow.surveys.rules.codes import new_code


def begin(identity: Identity, operation: str, campaign: str, title: str, until: date) -> Survey:
    """A survey with every household that moved. Raises NotFound, Invalid, and Refused when its questionnaire is not
    approved, is asked already, or nobody moved.
    """
    if not may_run(identity, operation):
        raise NotFound()
    _check_day(operation, until)
    found = next((one for one in approved(identity, operation) if one.subject == campaign), None)
    if found is None:
        raise Refused(
            "not_approved",
            "This questionnaire is not approved yet, or a survey asks it already.",
        )
    moved = homes().rehoused(identity, operation)
    if not moved:
        raise Refused("nobody", "No household has moved yet: there is nobody to ask.")
    row = Survey(
        id=new_id(),
        operation_id=operation,
        campaign=campaign,
        form=found.form,
        title=title,
        until=until,
        state=OPEN,
        made_by=identity.person,
        made_at=clock.now(),
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise Moved() from twice
    _put(row, moved)
    note(row, "SurveyBegun", identity.person, campaign=campaign, form=found.form, households=len(moved))
    return row


def _check_day(operation: str, until: date) -> None:
    place = find_operation(operation)
    if until < clock.today(place.zone if place else "Europe/Paris"):
        raise Invalid([FieldError("until", "This day has passed. Choose a day to come.")])


def add_moved(identity: Identity, survey_id: str) -> int:
    """Households that moved since come onto the list; how many."""
    row = survey(identity, survey_id, lock=True)
    if row.state != OPEN:
        raise Refused("closed", "This survey is closed.")
    there = set(db.session.scalars(select(Recipient.household_id).where(Recipient.survey_id == row.id)))
    fresh = [one for one in homes().rehoused(identity, row.operation_id) if one.id not in there]
    _put(row, fresh)
    if fresh:
        note(row, "SurveyWidened", identity.person, households=len(fresh))
    return len(fresh)


def _put(row: Survey, moved: Iterable[Home]) -> None:
    for home in moved:
        code, made = new_code(secrets.choice), new_id()
        db.session.add(
            Recipient(
                id=made,
                operation_id=row.operation_id,
                survey_id=row.id,
                household_id=home.id,
                lang=home.lang or "fr",
                code_hash=mark_of(code),
                code=record.keep_text(f"recipient:{made}", code),
                reminders=[],
            )
        )
    db.session.flush()


def change(identity: Identity, survey_id: str, title: str, until: date, version: int) -> None:
    """Another title, another last day. Raises Moved when somebody changed it meanwhile."""
    row = survey(identity, survey_id, lock=True)
    if row.version != version:
        raise Moved("Somebody changed this survey meanwhile.")
    if until != row.until:
        _check_day(row.operation_id, until)
    row.title, row.until, row.version = title, until, row.version + 1
    note(row, "SurveyChanged", identity.person, until=until.isoformat())


def close(identity: Identity, survey_id: str) -> None:
    """From now on no code opens it; what was answered counts."""
    row = survey(identity, survey_id, lock=True)
    if row.state != OPEN:
        raise Refused("closed", "This survey is closed.")
    row.state, row.closed_at, row.version = CLOSED, clock.now(), row.version + 1
    note(row, "SurveyClosed", identity.person)


def reopen(identity: Identity, survey_id: str) -> None:
    """Codes that were not used open it again, until its last day."""
    row = survey(identity, survey_id, lock=True)
    if row.state == OPEN:
        raise Refused("not_closed", "This survey is not closed.")
    row.state, row.closed_at, row.version = OPEN, None, row.version + 1
    note(row, "SurveyReopened", identity.person)

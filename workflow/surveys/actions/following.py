"""What the post did: letters that left, reminders, letters that came back; calls that were made."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from workflow import clock
from workflow.access import Identity
from workflow.db import db
from workflow.errors import FieldError, Invalid, NotFound, Refused
from workflow.surveys.actions.telling import note
from workflow.surveys.models import Call, Recipient, Survey
from workflow.surveys.queries.recipients import line, of_households
from workflow.surveys.queries.sheets import finished_answers
from workflow.surveys.queries.surveys import operation_of, survey
from workflow.surveys.rules.following import HOW_SENT, WHY_RETURNED


def say_sent(identity: Identity, survey_id: str, recipient_id: str, how: str, day: date) -> None:
    """The letter to one household left, otherwise than by our own list of letters."""
    row, told = line(identity, survey_id, recipient_id)
    if how not in HOW_SENT:
        raise Invalid([FieldError("how", "Say how it left.")])
    _check_day(row, day)
    _sent(told.row, how, day, identity.person)


def letters_left(row: Survey, households: Collection[str], how: str, day: date, by: str) -> None:
    """Letters of a list left; of households that are on it."""
    for one in of_households(row.id, households):
        _sent(one, how, day, by)


def _sent(one: Recipient, how: str, day: date, by: str) -> None:
    one.sent_on, one.sent_how = day, how
    note(one, "SurveySent", by, survey=one.survey_id, how=how, day=day.isoformat())


def letters_taken_back(row: Survey, households: Collection[str], by: str) -> None:
    """It was said by mistake that these letters left."""
    for one in of_households(row.id, households):
        one.sent_on, one.sent_how = None, ""
        note(one, "SurveySentTakenBack", by, survey=row.id)


def reminders_left(row: Survey, households: Collection[str], day: date, by: str) -> None:
    for one in of_households(row.id, households):
        one.reminders = [*one.reminders, day.isoformat()]
        note(one, "SurveyReminded", by, survey=row.id, day=day.isoformat())


def reminders_taken_back(row: Survey, households: Collection[str], by: str) -> None:
    for one in of_households(row.id, households):
        one.reminders = list(one.reminders)[:-1]
        note(one, "SurveyReminderTakenBack", by, survey=row.id)


def say_returned(identity: Identity, survey_id: str, recipient_id: str, why: str, day: date) -> None:
    """The letter came back. Raises Refused when it never left, or the household answered all the same."""
    row, told = line(identity, survey_id, recipient_id)
    if why not in WHY_RETURNED:
        raise Invalid([FieldError("why", "Say why it came back.")])
    _check_day(row, day)
    if told.row.sent_on is None:
        raise Refused("not_sent", "This letter has not left yet: note first when it left.")
    if day < told.row.sent_on:
        raise Invalid([FieldError("day", "It cannot have come back before it left.")])
    if finished_answers(told.row) is not None:
        raise Refused("already_answered", "This household has answered: its letter did not come back.")
    told.row.returned_on, told.row.returned_why = day, why
    note(told.row, "SurveyReturned", identity.person, survey=row.id, why=why)


def take_return_back(identity: Identity, survey_id: str, recipient_id: str) -> None:
    """It was said by mistake, or the letter was sent again to another address."""
    row, told = line(identity, survey_id, recipient_id)
    told.row.returned_on, told.row.returned_why = None, ""
    note(told.row, "SurveyReturnTakenBack", identity.person, survey=row.id)


def _check_day(row: Survey, day: date) -> None:
    if day > clock.today(operation_of(row).zone):
        raise Invalid([FieldError("day", "This day has not come yet.")])


def say_called(identity: Identity, survey_id: str, call_id: str, *, done: bool) -> None:
    """Somebody called a household back; without `done`, it was said by mistake."""
    row = survey(identity, survey_id)
    call = db.session.get(Call, call_id)
    if call is None or call.survey_id != row.id:
        raise NotFound()
    call.done_at, call.done_by = (clock.now(), identity.person) if done else (None, "")
    recipient = db.session.get_one(Recipient, call.recipient_id)
    note(recipient, "CalledBack" if done else "CallTakenBack", identity.person, survey=row.id)

"""Answers are begun, saved page by page, finished once: by the household with its code, or by somebody of the team."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from forms.answering import apply
from forms.checking import AnswerError
from forms.instance import Instance
from workflow import clock
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Refused
from workflow.record import actions as record
from workflow.storage import seal
from workflow.surveys.actions.telling import NOBODY, note
from workflow.surveys.models import DESK, HOUSEHOLD, Answers, Call, Recipient, Survey
from workflow.surveys.queries.recipients import line
from workflow.surveys.queries.sheets import (
    LENS,
    Sheet,
    answers_by,
    circumstances,
    counts_for,
    finished_answers,
    opened,
    place_of,
    row_limit,
)
from workflow.surveys.queries.surveys import asked_in, is_open, operation_of
from workflow.surveys.rules.frame import KEYED, LINK, Frame

ALREADY = "An answer of this household is finished already: it counts once."
OVER = "This survey is over: its last day has passed, or it was closed."


@dataclass(frozen=True)
class Way:
    """How answers come. person: who writes them down, "" for the household itself; on: the day they were given."""

    channel: str
    person: str = ""
    on: date | None = None
    agreed: bool = True
    lang: str = "fr"

    @property
    def hand(self) -> str:
        return DESK if self.person else HOUSEHOLD


# -- by the household ---------------------------------------------------------------------------------------------


def begin_by_code(row: Survey, recipient: Recipient, lang: str) -> Answers:
    """Its code was typed, and its first page asked for. What it began before is gone on with."""
    _check_open(row, recipient)
    stored = answers_by(recipient, HOUSEHOLD, lock=True)
    if stored is not None:
        stored.lang = lang
        return stored
    stored = _new(row, recipient, Way(LINK, lang=lang))
    recipient.opened_at = recipient.opened_at or clock.now()
    note(recipient, "SurveyOpened", NOBODY, survey=row.id, through=LINK)
    return stored


def decline_by_code(row: Survey, recipient: Recipient, lang: str) -> None:
    """It does not wish to answer: that is an answer, and no reminder follows."""
    stored = begin_by_code(row, recipient, lang)
    sheet = Sheet(row, stored, opened(row, stored), lang)
    stored.agreed = False
    _put_frame(sheet.asked.frame, sheet.instance, stored)
    _finish(sheet, recipient, NOBODY)


def _check_open(row: Survey, recipient: Recipient) -> None:
    if finished_answers(recipient) is not None:
        raise Refused("already_answered", ALREADY)
    if not is_open(row):
        raise Refused("survey_over", OVER)


# -- by somebody of the team --------------------------------------------------------------------------------------


def begin_keying(identity: Identity, survey_id: str, recipient_id: str, way: Way) -> Answers:
    """Somebody of the team begins to write down what a household says, or corrects how it was said. The last day is no
    bar: sheets that came in time are keyed later. Raises Invalid, Refused.
    """
    row, told = line(identity, survey_id, recipient_id)
    _check_way(row, way)
    if told.finished is not None:
        raise Refused("already_answered", ALREADY)
    stored = answers_by(told.row, DESK, lock=True)
    if stored is None:
        stored = _new(row, told.row, way)
        note(told.row, "SurveyKeyingBegun", identity.person, survey=row.id, through=way.channel)
        return stored
    stored.channel, stored.person, stored.lang = way.channel, way.person, way.lang
    stored.told_on, stored.agreed = way.on or stored.told_on, way.agreed
    sheet = Sheet(row, stored, opened(row, stored), way.lang)
    _put_frame(sheet.asked.frame, sheet.instance, stored)
    _store(stored, sheet.instance)
    return stored


def _check_way(row: Survey, way: Way) -> None:
    errors = []
    if way.channel not in KEYED:
        errors.append(FieldError("channel", "Say how the answers were given."))
    if way.on is not None and way.on > clock.today(operation_of(row).zone):
        errors.append(FieldError("on", "This day has not come yet."))
    if errors:
        raise Invalid(errors)


# -- both ---------------------------------------------------------------------------------------------------------


def _new(row: Survey, recipient: Recipient, way: Way) -> Answers:
    published, now = asked_in(row).published, clock.now()
    stored = Answers(
        id=new_id(),
        operation_id=row.operation_id,
        survey_id=row.id,
        recipient_id=recipient.id,
        hand=way.hand,
        channel=way.channel,
        person=way.person,
        lang=way.lang,
        sealed=b"",
        saves=0,
        told_on=way.on or clock.today(operation_of(row).zone),
        begun_at=now,
        saved_at=now,
        agreed=way.agreed,
    )
    instance = Instance.new(published.form, circumstances(row), row_limit())
    _put_frame(asked_in(row).frame, instance, stored)
    _store(stored, instance)
    db.session.add(stored)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise Refused("begun_elsewhere", "These answers were begun elsewhere at the same moment. Try again.") from twice
    return stored


def asked_now(instance: Instance) -> dict[str, str]:
    """{path: answer} of every question that is asked; "" where nothing was answered."""
    return {path: node.text for path, node, question in instance.leaves() if node.relevant and question.asked}


def _put_frame(frame: Frame, instance: Instance, stored: Answers) -> None:
    """The day, the way and the agreement, which Relais asks itself."""
    for path, text in (
        (frame.day, stored.told_on.isoformat()),
        (frame.channel, frame.channels.get(stored.channel, "")),
        (frame.agrees, frame.yes if stored.agreed else frame.no),
    ):
        if path in instance.form.questions:
            instance.set(path, text)


def _store(stored: Answers, instance: Instance, said: Mapping[str, str] | None = None) -> None:
    """said: what is counted, once it is finished."""
    told = {"xml": instance.to_xml()} | ({"said": said} if said is not None else {})
    plain = json.dumps(told, ensure_ascii=False).encode()
    stored.sealed = seal(record.key_for(f"recipient:{stored.recipient_id}"), plain, place_of(stored.id))
    stored.saves, stored.saved_at = stored.saves + 1, clock.now()


def save(sheet: Sheet, recipient: Recipient, section: str, posted: Mapping[str, Any]) -> list[AnswerError]:
    """Write one page, wrong or not: nothing typed is lost. Raises Refused once an answer is finished, or it is over."""
    _still(sheet, recipient)
    group = sheet.section(section)
    errors = apply(sheet.instance, posted, group.path, lens=LENS)
    _store(sheet.stored, sheet.instance)
    return errors


def _still(sheet: Sheet, recipient: Recipient) -> None:
    if finished_answers(recipient) is not None:
        raise Refused("already_answered", ALREADY)
    if sheet.stored.hand == HOUSEHOLD and not is_open(sheet.survey):
        raise Refused("survey_over", OVER)


def finish(sheet: Sheet, recipient: Recipient, by: str = NOBODY) -> None:
    """From now on these answers count, and no other of this household. Raises Refused when one was finished before,
    whatever the hand, or when an answer cannot stand as it is.
    """
    _still(sheet, recipient)
    if sheet.stored.agreed and sheet.wrong():
        raise Refused("to_correct", "Some answers cannot stand as they are: correct them first.")
    _finish(sheet, recipient, by)


def _finish(sheet: Sheet, recipient: Recipient, by: str) -> None:
    stored = sheet.stored
    _store(stored, sheet.instance.pruned(), asked_now(sheet.instance))
    stored.finished_at, stored.finished_for = clock.now(), counts_for(recipient)
    try:
        db.session.flush()
    except IntegrityError as twice:  # two hands at the same moment: one counts
        raise Refused("already_answered", ALREADY) from twice
    record.drop_text(recipient.code)
    recipient.code = ""
    _ask_call(sheet, recipient)
    kind = "SurveyAnswered" if stored.agreed else "SurveyDeclined"
    note(recipient, kind, by, survey=sheet.survey.id, answers=stored.id, through=stored.channel)


def _ask_call(sheet: Sheet, recipient: Recipient) -> None:
    """The wish to be called back goes its own way: it never travels with the answers that are counted."""
    frame, form = sheet.asked.frame, sheet.form
    if not sheet.stored.agreed or frame.call not in form.questions or not sheet.instance.relevant(frame.call):
        return
    if sheet.instance.get(frame.call) != frame.call_yes:
        return
    told = {
        name: sheet.instance.get(path) if path in form.questions else ""
        for name, path in (("phone", frame.phone), ("when", frame.when))
    }
    db.session.add(
        Call(
            id=new_id(),
            operation_id=recipient.operation_id,
            survey_id=recipient.survey_id,
            recipient_id=recipient.id,
            told=record.keep_text(recipient.subject, json.dumps(told, ensure_ascii=False)),
            asked_at=clock.now(),
        )
    )
    note(recipient, "CallAsked", NOBODY, survey=recipient.survey_id)

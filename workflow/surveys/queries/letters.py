"""Letters of a survey: to whom they go, and what each says besides: the code, where it leads, until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from workflow.access import Identity
from workflow.db import db
from workflow.errors import NotFound
from workflow.surveys.models import Recipient, Survey
from workflow.surveys.queries.recipients import Line, code_of, lines, of_households
from workflow.surveys.queries.surveys import is_open, survey
from workflow.surveys.rules.following import OPENED, PARTIAL, SENT, TO_SEND

LETTER, REMINDER = "letter", "reminder"
ANSWERED = "This household has answered already."
RETURNED = "The letter to this household came back: its address is not good."
OVER = "This survey is over: its last day has passed, or it was closed."


def _parts(cause: str) -> tuple[str, str]:
    """survey:<id>:letter → (id, letter). Raises NotFound."""
    parts = cause.split(":")
    if len(parts) != 3 or parts[2] not in (LETTER, REMINDER):
        raise NotFound()
    return parts[1], parts[2]


def title(identity: Identity, cause: str) -> str:
    survey_id, what = _parts(cause)
    row = survey(identity, survey_id)
    if what == LETTER:
        return _("Letters of the survey: %(name)s", name=row.title)
    return _("Reminders of the survey: %(name)s", name=row.title)


def back(cause: str) -> tuple[str, Mapping[str, str]]:
    return "surveys.survey", {"survey": _parts(cause)[0]}


def households(identity: Identity, cause: str) -> list[str]:
    """Those whose letter has not left; for reminders those that did not finish, and whose letter did not come back."""
    survey_id, what = _parts(cause)
    wanted = (TO_SEND,) if what == LETTER else (SENT, OPENED, PARTIAL)
    told = lines(identity, survey(identity, survey_id))
    return [one.row.household_id for one in told if one.state in wanted and not _came_back(one)]


def _came_back(one: Line) -> bool:
    return one.row.returned_on is not None


def adds(cause: str, household: str) -> Mapping[str, Any]:
    """What models read under `survey`; the code is there as long as something may be answered."""
    row = _recipient(cause, household)
    if row is None:
        return {}
    code, last = code_of(row), db.session.get_one(Survey, row.survey_id).until
    link = f"{current_app.config['RELAIS'].base_url}/q/{code.replace(' ', '')}" if code else ""
    return {"survey": {"link": link, "code": code, "until": last.isoformat()}}


def hinders(cause: str, household: str) -> str:
    row = _recipient(cause, household)
    if row is None:
        return OVER
    if not code_of(row):
        return ANSWERED
    if not is_open(db.session.get_one(Survey, row.survey_id)):
        return OVER
    return RETURNED if row.returned_on is not None else ""


def _recipient(cause: str, household: str) -> Recipient | None:
    return next(iter(of_households(_parts(cause)[0], [household])), None)

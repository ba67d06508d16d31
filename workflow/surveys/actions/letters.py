"""The list of letters says that letters of a survey left, or that it was said by mistake."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from workflow.db import db
from workflow.surveys.actions import following
from workflow.surveys.models import Survey
from workflow.surveys.queries.letters import LETTER


class Left(Protocol):
    """How letters left, and on what day."""

    @property
    def how(self) -> str: ...

    @property
    def day(self) -> date: ...


def letters_left(cause: str, households: Collection[str], left: Left | None, by: str) -> None:
    """cause: as in queries.letters; left: None when it was said by mistake."""
    _kind, survey_id, what = cause.split(":")
    row = db.session.get_one(Survey, survey_id)
    if what == LETTER and left is not None:
        following.letters_left(row, households, left.how, left.day, by)
    elif what == LETTER:
        following.letters_taken_back(row, households, by)
    elif left is not None:
        following.reminders_left(row, households, left.day, by)
    else:
        following.reminders_taken_back(row, households, by)

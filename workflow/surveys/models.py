"""Surveys: the households asked, what each answered, who is to be called back, which open answers were read again.

What a household says is sealed under the key of its line (`Recipient.subject`), which is erased with the household.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation

OPEN, CLOSED = "open", "closed"
HOUSEHOLD, DESK = "household", "desk"
"""Who writes the answers: the household with its code, or somebody of the team."""
KEEP, MASK, HIDE = "keep", "mask", "hide"
"""What becomes of an open answer once somebody read it again."""


class Survey(OfOperation, Base):
    """One survey of an operation. campaign: the subject of the file in which its questionnaire was approved; form: hash
    of the version that is asked; until: the last day on which a code opens it.
    """

    __tablename__ = "surveys_survey"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign: Mapped[str] = mapped_column(String(80), unique=True)
    form: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    until: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def subject(self) -> str:
        return f"survey:{self.id}"


class Recipient(OfOperation, Base):
    """One household that is asked. code_hash: keyed; code: the code itself as sealed text, for the letter and for those
    printed again, "" once nothing is to be answered any more. reminders: the days (ISO) on which reminders left.
    """

    __tablename__ = "surveys_recipient"
    __table_args__ = (UniqueConstraint("survey_id", "household_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys_survey.id"))
    household_id: Mapped[str] = mapped_column(String(32), index=True)
    lang: Mapped[str] = mapped_column(String(8))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str] = mapped_column(String(32), default="", server_default="")
    sent_on: Mapped[date | None]
    sent_how: Mapped[str] = mapped_column(String(12), default="", server_default="")
    reminders: Mapped[list[Any]] = mapped_column(JSON, default=list)
    opened_at: Mapped[datetime | None]
    returned_on: Mapped[date | None]
    returned_why: Mapped[str] = mapped_column(String(12), default="", server_default="")

    @property
    def subject(self) -> str:
        return f"recipient:{self.id}"


class Answers(OfOperation, Base):
    """What one household answers, by one hand (household | desk). finished_for: "survey:household" once finished, which
    is unique: whatever the hand, a household answers a survey once.

    sealed: {"xml": …}, once finished with {"said": {path: answer}}, from which it is counted. told_on: the day on which
    the answers were given, where it is not that of their keying.
    """

    __tablename__ = "surveys_answers"
    __table_args__ = (UniqueConstraint("recipient_id", "hand"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys_survey.id"), index=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("surveys_recipient.id"))
    hand: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(12))
    person: Mapped[str] = mapped_column(String(64), default="", server_default="")
    lang: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saves: Mapped[int] = mapped_column(default=0, server_default="0")
    told_on: Mapped[date]
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    finished_for: Mapped[str | None] = mapped_column(String(70), unique=True)
    agreed: Mapped[bool] = mapped_column(default=True)


class Call(OfOperation, Base):
    """A household that asks to be called back. told: sealed text, {phone, when} as JSON."""

    __tablename__ = "surveys_call"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys_survey.id"), index=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("surveys_recipient.id"), unique=True)
    told: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Reread(OfOperation, Base):
    """An open answer that somebody read again before it is shared. words: sealed text, what is shared instead."""

    __tablename__ = "surveys_reread"
    __table_args__ = (UniqueConstraint("answers_id", "path"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    answers_id: Mapped[str] = mapped_column(ForeignKey("surveys_answers.id"), index=True)
    path: Mapped[str] = mapped_column(String(200))
    said: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(String(32), default="", server_default="")
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

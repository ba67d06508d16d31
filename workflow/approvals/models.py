"""Projections of circuits under way: what `rebuild` makes anew from the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation


class Course(OfOperation, Base):
    """Where one subject stands in its circuit. Locked by whoever acts."""

    __tablename__ = "approvals_course"
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(64))  # hash of the procedure version
    version: Mapped[int]  # number of facts folded
    phase: Mapped[str] = mapped_column(String(20), index=True)
    stage: Mapped[str | None] = mapped_column(String(64))
    round: Mapped[int]
    author: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]  # when it last ended; it may have been taken up again since


class Task(OfOperation, Base):
    """An open step, asked of one capacity: a role of an organisation, a body, or one person."""

    __tablename__ = "approvals_task"
    __table_args__ = (Index("ix_approvals_task_due", "due"),)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    step: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    due: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    sent_back: Mapped[bool]


class Voter(OfOperation, Base):
    """Whom an open step waits for: one row per person who may act now."""

    __tablename__ = "approvals_voter"
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    step: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))  # role | body | recorder | substitute
    decided: Mapped[bool]

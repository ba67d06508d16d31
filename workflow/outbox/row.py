"""One row, one side effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base

PENDING, RUNNING, DONE, FAILED = "pending", "running", "done", "failed"


class Outbox(Base):
    """Ids only: what a job needs to know it reads itself."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next_at", "state", "next_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)  # what makes a repetition the same effect
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str | None] = mapped_column(String(80))
    fence: Mapped[int]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(120))  # the kind of error, never its text

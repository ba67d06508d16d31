"""Papers written outside a procedure, one by one or for many households, and how they were handed over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation

SUBJECT = "writing:"
"""How the papers of a writing name their subject: this, then its id. Its key is its own."""
RUN = "letters:"
PREPARING, RUNNING, STOPPED, DONE, DROPPED = "preparing", "running", "stopped", "done", "dropped"
WAITING, WRITTEN, FAILED = "waiting", "written", "failed"


class Written(OfOperation, Base):
    """One deed of writing: a model, for whom, what was asked; a paper for each of its audiences.

    told: sealed text, all that its papers were written from, as JSON, before it is cut to a reader. annexes:
    [{file, name, title}].
    """

    __tablename__ = "writing_written"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    model: Mapped[str] = mapped_column(String(64))  # its slug
    model_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))  # what the model is called; never a name
    about: Mapped[str] = mapped_column(String(10))  # household | operation | body
    household_id: Mapped[str | None] = mapped_column(String(32), index=True)
    body: Mapped[str] = mapped_column(String(64))
    sitting: Mapped[str] = mapped_column(String(32))
    audiences: Mapped[list[Any]] = mapped_column(JSON)
    large: Mapped[bool]
    day: Mapped[date]
    told: Mapped[str] = mapped_column(String(32))
    annexes: Mapped[list[Any]] = mapped_column(JSON)
    run_id: Mapped[str | None] = mapped_column(String(32), index=True)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    void_at: Mapped[datetime | None]
    void_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    void_reason: Mapped[str] = mapped_column(String(32), default="", server_default="")  # sealed text
    handed_how: Mapped[str] = mapped_column(String(12), default="", server_default="")  # one of rules.handing.HOW
    handed_on: Mapped[date | None]
    handed_by: Mapped[str] = mapped_column(String(64), default="", server_default="")

    @property
    def subject(self) -> str:
        return f"{SUBJECT}{self.id}"


class LetterRun(OfOperation, Base):
    """One letter for many households. told: sealed text, what was asked once for all, as JSON.

    batch: the id of its first lot, where a letter goes to more households than one run takes; lot: which of them it is.
    cause: which journey asked for these letters, and for what (see queries/merging.py); "" for letters of their own.
    """

    __tablename__ = "writing_run"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    model: Mapped[str] = mapped_column(String(64))
    model_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(40))
    large: Mapped[bool] = mapped_column(default=False, server_default=false())
    day: Mapped[date]
    told: Mapped[str] = mapped_column(String(32), default="", server_default="")
    asked: Mapped[bool] = mapped_column(default=False, server_default=false())  # whether its questions were answered
    state: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int] = mapped_column(default=0, server_default="0")  # how often it was started
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(64), default="", server_default="")  # for whom each is judged
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    batch: Mapped[str] = mapped_column(String(32), default="", server_default="", index=True)
    lot: Mapped[int] = mapped_column(default=1, server_default="1")
    lots: Mapped[int] = mapped_column(default=1, server_default="1")
    cause: Mapped[str] = mapped_column(String(60), default="", server_default="")

    @property
    def subject(self) -> str:
        return f"{RUN}{self.id}"


class LetterLine(OfOperation, Base):
    """One household of a run, in the order of the addresses. problem: [msgid, parameters], why it cannot be written.

    told: sealed text, what was asked for this household alone, under the household's own key.
    """

    __tablename__ = "writing_line"
    __table_args__ = (UniqueConstraint("run_id", "household_id"),)
    run_id: Mapped[str] = mapped_column(ForeignKey("writing_run.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    household_id: Mapped[str] = mapped_column(String(32), index=True)
    chosen: Mapped[bool]
    told: Mapped[str] = mapped_column(String(32), default="", server_default="")
    state: Mapped[str] = mapped_column(String(10))
    problem: Mapped[list[Any]] = mapped_column(JSON)
    written_id: Mapped[str | None] = mapped_column(String(32))

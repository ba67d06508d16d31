"""The append-only log, and beside it the encrypted texts it names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base

HOUSE = "house"


def chain_of(operation_id: str | None) -> str:
    """One chain per operation, and one of the house (sign-in, catalogue)."""
    return f"operation:{operation_id}" if operation_id else HOUSE


class Chain(Base):
    """The head of a chain; locked last in every transaction that appends."""

    __tablename__ = "record_chain"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    head_seq: Mapped[int]
    head_hash: Mapped[str] = mapped_column(String(64))


class Event(Base):
    """One fact. `body` is canonical JSON text; the other columns repeat what searches need and are checked against it.

    The database refuses UPDATE and DELETE on this table (triggers of the first migration).
    """

    __tablename__ = "record_event"
    __table_args__ = (
        UniqueConstraint("subject", "version"),
        Index("ix_record_event_subject_kind", "subject", "kind"),
    )
    chain: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


GONE = b""


class SubjectKey(Base):
    """The data key of one subject, wrapped by the master key. Destroying it erases what it opened; `wrapped` is then
    GONE, so that nobody makes another one for what was erased.
    """

    __tablename__ = "record_key"
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class SealedText(Base):
    """A free text (reason, remark, comment) that an event names by id."""

    __tablename__ = "record_text"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]

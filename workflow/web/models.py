"""Journals of the web: sessions, repeated requests, reads of what is most sensitive, attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base


class WebSession(Base):
    """Somebody signed in on one device. Only the hash of the cookie is kept."""

    __tablename__ = "web_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(32), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class DoneRequest(Base):
    """A request that was carried out, by the key its form carried: repeated, it is answered like the first."""

    __tablename__ = "web_done_request"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(80))
    mark: Mapped[str] = mapped_column(String(64))  # keyed hash of what was sent: another text is another request
    status: Mapped[int]
    location: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class SensitiveRead(Base):
    """Who read answers of level V3 or V4, of which dossier, when. Written before the answer leaves."""

    __tablename__ = "web_sensitive_read"
    __table_args__ = (Index("ix_web_sensitive_read_subject_at", "subject", "at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    person: Mapped[str] = mapped_column(String(32))
    levels: Mapped[str] = mapped_column(String(20))
    page: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class Attempt(Base):
    """A counted attempt (sign-in, forgotten password, verification), by a keyed hash of who tried."""

    __tablename__ = "web_attempt"
    __table_args__ = (Index("ix_web_attempt_bucket_at", "bucket", "at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    bucket: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class Recent(Base):
    """What somebody opened last, so that they find it again. No name is kept: only which page it was."""

    __tablename__ = "web_recent"
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # household | dossier | person | operation
    ref: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class Presence(Base):
    """Who has something open right now, and where in it. Kept for minutes."""

    __tablename__ = "web_presence"
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(80))  # the section of the form; empty on a page about the whole
    at: Mapped[datetime]


class KeptPage(Base):
    """What somebody sent from a page after their session had ended: sealed, for the same account, for one day."""

    __tablename__ = "web_kept_page"
    account_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]

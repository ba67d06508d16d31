"""Drafts submitted to contributions: versions article by article, who is invited, what is said, what came of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation

SUBJECT, OF_ONE = "charter:", "contribution:"
PREPARING, RUNNING, SETTLED = "preparing", "running", "settled"
COMMENT, WORDING, NEW = "comment", "wording", "new"
PAGE, WORD, PUBLIC, LETTER, MEETING, DESK, PHONE = "page", "word", "public", "paper", "meeting", "desk", "phone"
ORGANISATION, INHABITANT, GROUP = "organisation", "inhabitant", "group"
NAMED, UNNAMED, NOT = "named", "unnamed", "no"
UNREAD, KEPT, ASIDE = "unread", "kept", "aside"
TAKEN, REWORDED, DECLINED = "taken", "reworded", "declined"


class Consultation(OfOperation, Base):
    """A draft on which people contribute. model, model_hash: the frozen model its first version was taken from. opens,
    closes: days of the operation's zone, both included. public: whether inhabitants contribute without an access.
    current: the number of the version they read; counted: contributions so far, also those erased since.
    signers: sealed text, who signs what came of it, as JSON. published_at: since when everybody reads the result.
    """

    __tablename__ = "charter_consultation"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)  # part of the public address
    title: Mapped[str] = mapped_column(String(200))
    model: Mapped[str] = mapped_column(String(64))
    model_hash: Mapped[str] = mapped_column(String(64))
    objective: Mapped[str] = mapped_column(Text, default="", server_default="")
    limits: Mapped[str] = mapped_column(Text, default="", server_default="")
    moderation: Mapped[str] = mapped_column(Text, default="", server_default="")
    opens: Mapped[date | None]
    closes: Mapped[date | None]
    public: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(10))
    current: Mapped[int] = mapped_column(default=1, server_default="1")
    counted: Mapped[int] = mapped_column(default=0, server_default="0")
    signers: Mapped[str] = mapped_column(String(32), default="", server_default="")
    published_at: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def subject(self) -> str:
        return f"{SUBJECT}{self.id}"


class Edition(OfOperation, Base):
    """One version of the text; frozen, it never changes. hash: SHA-256 of what its articles say."""

    __tablename__ = "charter_edition"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Passage(OfOperation, Base):
    """One article of a version, or what stands before them. key: the same in every version; contributions name it.
    words: a line is a paragraph, one that begins with “- ” or “1. ” an item of a list.
    """

    __tablename__ = "charter_passage"
    __table_args__ = (UniqueConstraint("edition_id", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition_id: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int]
    numbered: Mapped[bool]
    title: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)


class Invited(OfOperation, Base):
    """An organisation that contributes."""

    __tablename__ = "charter_invited"
    __table_args__ = (UniqueConstraint("consultation_id", "organisation"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(64))


class Theme(OfOperation, Base):
    """Contributions that ask for the same thing, under words of the drafter."""

    __tablename__ = "charter_theme"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(200))


class Contribution(OfOperation, Base):
    """What somebody says of a draft. Its words are sealed once, under a key of its own, and never altered.

    article: the key of the passage, "" of a new article or of the whole text; edition: the version they read. said_by:
    organisation, inhabitant or group; organisation, person: who speaks, where they have an access; author, address:
    sealed texts; people: how many a group counts. source: how it came; recorder: who keyed it, "" on the public page.
    consent: whether it may be published, with the name or without; shown: whether it is. words, title, reason: sealed
    texts.
    outcome, in_edition, led_to: what came of it, in which version, in which article.
    """

    __tablename__ = "charter_contribution"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index("ix_charter_contribution_article", "consultation_id", "article", "number"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    edition: Mapped[int]
    article: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(32), default="", server_default="")
    lang: Mapped[str] = mapped_column(String(8), default="", server_default="")
    said_by: Mapped[str] = mapped_column(String(12))
    organisation: Mapped[str] = mapped_column(String(64), default="", server_default="")
    person: Mapped[str] = mapped_column(String(64), default="", server_default="")
    author: Mapped[str] = mapped_column(String(32), default="", server_default="")
    address: Mapped[str] = mapped_column(String(32), default="", server_default="")
    people: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(10))
    said_on: Mapped[date]
    recorder: Mapped[str] = mapped_column(String(64), default="", server_default="")
    at: Mapped[datetime]
    consent: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    shown: Mapped[bool] = mapped_column(default=False, server_default=false())
    theme_id: Mapped[str | None] = mapped_column(String(32), index=True)
    outcome: Mapped[str] = mapped_column(String(10), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(32), default="", server_default="")
    in_edition: Mapped[int | None]
    led_to: Mapped[str] = mapped_column(String(40), default="", server_default="")
    answered_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def subject(self) -> str:
        return f"{OF_ONE}{self.id}"


class Commitment(OfOperation, Base):
    """What a signatory promised in an article. bearer: a slug, "" for the tenants; due: None where it always holds.
    state: open, kept, late, dropped; said: why, for everybody to read.
    """

    __tablename__ = "charter_commitment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(32), index=True)
    article: Mapped[str] = mapped_column(String(40))
    bearer: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(String(500))
    due: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(String(500), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

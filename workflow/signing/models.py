"""Rooms for signing: their signatories, every state of the file, its originals on paper, who saw it, to whom it went.

Texts, scans and states of the file are sealed under the room's key, which is erased with that of the paper.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation

SUBJECT = "room:"
"""How the course of a room names its subject: this, then its id."""
PREPARING, OPEN, COMPLETE, REFUSED, WITHDRAWN = "preparing", "open", "complete", "refused", "withdrawn"
BASE, SIGNED, ARCHIVED = "base", "signed", "archived"
"""Why there is a state of the file."""


class Room(OfOperation, Base):
    """One paper to be signed. paper_subject: with whose key that of the room is erased; reference: in its address.

    seal: first | last. archive: whether the complete file gets a last time stamp. original: what counts when some sign
    on paper: pdf | paper. replaces: the room whose paper this one replaces; accession_to: the one whose paper a
    newcomer joins. until: the last day on which one signs. version: of what was prepared.
    """

    __tablename__ = "signing_room"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    paper_id: Mapped[str] = mapped_column(String(32), index=True)
    paper_subject: Mapped[str] = mapped_column(String(80), index=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    number: Mapped[int]  # of the version of what is signed, from 1
    replaces: Mapped[str | None] = mapped_column(String(32), index=True)
    accession_to: Mapped[str | None] = mapped_column(String(32), index=True)
    seal: Mapped[str] = mapped_column(String(5))
    archive: Mapped[bool] = mapped_column(default=True, server_default=true())
    original: Mapped[str] = mapped_column(String(5))
    delay: Mapped[int]  # working days for each rank
    until: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def subject(self) -> str:
        return f"{SUBJECT}{self.id}"


class Signatory(OfOperation, Base):
    """Somebody who is asked to sign. rank: those of one rank sign in any order; group: of those of one group of a rank,
    `needed` are enough. field: the place prepared in the file, "" for none.

    told: sealed text, {name, capacity, organisation, mail, postal, why} as JSON; why: what the person who takes
    responsibility for a lacking mandate says. mandate: "" | deliberation | order | power | responsibility.
    delegate: sealed text of the same shape, of whoever signs instead; {kind, number, day, file} of their own mandate
    stand in delegation. voucher: the person who takes responsibility.
    """

    __tablename__ = "signing_signatory"
    __table_args__ = (Index("ix_signing_signatory_room", "room_id", "rank", "place"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"))
    rank: Mapped[int]
    place: Mapped[int]
    group: Mapped[str] = mapped_column(String(20), default="", server_default="")
    needed: Mapped[int] = mapped_column(default=1, server_default="1")
    field: Mapped[str] = mapped_column(String(80), default="", server_default="")
    told: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(64), default="", server_default="")
    person_id: Mapped[str | None] = mapped_column(String(64), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    level: Mapped[str] = mapped_column(String(12))
    mandate: Mapped[str] = mapped_column(String(16), default="", server_default="")
    mandate_number: Mapped[str] = mapped_column(String(80), default="", server_default="")
    mandate_day: Mapped[date | None]
    mandate_file: Mapped[str | None] = mapped_column(String(32))
    voucher: Mapped[str] = mapped_column(String(64), default="", server_default="")
    delegate: Mapped[str] = mapped_column(String(32), default="", server_default="")
    delegate_person: Mapped[str | None] = mapped_column(String(64), index=True)
    delegation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Revision(OfOperation, Base):
    """One state of the file: every one is kept, those taken back too. before, after: SHA-256; name: in the store."""

    __tablename__ = "signing_bytes"
    __table_args__ = (UniqueConstraint("room_id", "seq"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"))
    seq: Mapped[int]
    why: Mapped[str] = mapped_column(String(10))
    signatory_id: Mapped[str | None] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(String(64), default="", server_default="")
    after: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Original(OfOperation, Base):
    """One original on paper. holder: id of the signatory who has it, or "" for the office that sends them round.

    moves: [{to: signatory or "office", on: day, by, at}], the oldest first.
    """

    __tablename__ = "signing_original"
    __table_args__ = (UniqueConstraint("room_id", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"))
    number: Mapped[int]
    keeper: Mapped[str] = mapped_column(String(32), default="", server_default="")  # the party that keeps it in the end
    holder: Mapped[str] = mapped_column(String(32), default="", server_default="")
    moves: Mapped[list[Any]] = mapped_column(JSON)


class OnPaper(OfOperation, Base):
    """A signed paper that somebody handed in for several signatories: its scan, and who attests that it is the same."""

    __tablename__ = "signing_scan"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    file_id: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    signatories: Mapped[list[Any]] = mapped_column(JSON)
    signed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="", server_default="")
    attested_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class View(OfOperation, Base):
    """Somebody had these very bytes before them."""

    __tablename__ = "signing_view"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))  # a person, or signatory:<id>
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Delivery(OfOperation, Base):
    """To whom the complete file went, how, and whether it was opened."""

    __tablename__ = "signing_delivery"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    party: Mapped[str] = mapped_column(String(32))  # id of a signatory
    how: Mapped[str] = mapped_column(String(10))  # mail | paper
    is_sent: Mapped[bool] = mapped_column(default=False, server_default=false())
    sent_at: Mapped[datetime | None]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime | None]

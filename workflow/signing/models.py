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
LOOKED_OVER, HELD_BACK, TAKEN, DROPPED = "looked_over", "refused", "taken", "dropped"
"""What became of a file that came back from another signing tool."""


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
    stand in delegation; {voice}: under which id they act, once their words were sealed anew.
    voucher: the person who takes responsibility.
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


class Certificate(OfOperation, Base):
    """Whose certificate stands behind a signature in the file, by its own word. field: where it signed.

    told: sealed text, {name, issuer} as JSON; fingerprint: its SHA-256; since, until: when it is valid; signed_at: by
    the time stamp.
    """

    __tablename__ = "signing_certificate"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    revision_id: Mapped[str] = mapped_column(String(32))
    signatory_id: Mapped[str] = mapped_column(String(32))
    field: Mapped[str] = mapped_column(String(200))
    told: Mapped[str] = mapped_column(String(32))
    fingerprint: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    until: Mapped[datetime]
    claims_qualified: Mapped[bool] = mapped_column(default=False, server_default=false())
    signed_at: Mapped[datetime | None]


class Arrival(OfOperation, Base):
    """A file that came back from another signing tool: its bytes are kept, whatever becomes of it. sent, sha256: of the
    file that was out and of the one that came; name: in the store. by: a person, or signatory:<id>.

    state: looked_over | refused | taken | dropped; code: why it was refused; told: sealed text, what was found.
    """

    __tablename__ = "signing_arrival"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    signatory_id: Mapped[str] = mapped_column(String(32))
    sent: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(20), default="", server_default="")
    told: Mapped[str] = mapped_column(String(32), default="", server_default="")
    decided_at: Mapped[datetime | None]


class View(OfOperation, Base):
    """Somebody had these very bytes before them."""

    __tablename__ = "signing_view"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))  # a person, or signatory:<id>
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Delivery(OfOperation, Base):
    """To whom the complete file went, how, and whether it was opened. One for each party of a room.

    how: mail | paper. address: sealed text, where the link goes instead of the party's own address; "" for that one.
    sends: how many links were asked for, of which the last alone opens; expires_at: the end of its last day.
    handed_how: hand | post: a printed copy was given or posted on the day handed_on.
    """

    __tablename__ = "signing_delivery"
    __table_args__ = (UniqueConstraint("room_id", "party"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    party: Mapped[str] = mapped_column(String(32))  # id of a signatory
    how: Mapped[str] = mapped_column(String(10))  # mail | paper
    is_sent: Mapped[bool] = mapped_column(default=False, server_default=false())
    sent_at: Mapped[datetime | None]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(32), default="", server_default="")
    mail_id: Mapped[str | None] = mapped_column(String(32))
    sends: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[datetime | None]
    handed_on: Mapped[date | None]
    handed_how: Mapped[str] = mapped_column(String(10), default="", server_default="")
    handed_by: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Evidence(OfOperation, Base):
    """The evidence beside a document: who signed what, how, when. made_at: none while it is being made; the latest
    counts, earlier ones are kept. name: in the store, under the room's key.
    """

    __tablename__ = "signing_evidence"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    sha256: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)
    size: Mapped[int] = mapped_column(default=0, server_default="0")


class Milestone(OfOperation, Base):
    """A day in the life of a signed paper. Nothing is changed in it: another one corrects it, and both stay.

    kind: a key of `rules.milestones.KINDS`. on: the day; none for an entry into force "on receipt" that waits for it.
    on_receipt: it comes into force the day the legality control receives it. told: sealed text, {number, whom, words}
    as JSON. file_id: a receipt that was handed in. remind_on: the day on which whoever runs the room is reminded of an
    end. corrects: the one it takes the place of; is_void: that one was a mistake, nothing takes its place.
    """

    __tablename__ = "signing_milestone"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("signing_room.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    on: Mapped[date | None]
    on_receipt: Mapped[bool] = mapped_column(default=False, server_default=false())
    told: Mapped[str] = mapped_column(String(32), default="", server_default="")
    file_id: Mapped[str | None] = mapped_column(String(32))
    remind_on: Mapped[date | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    corrects: Mapped[str | None] = mapped_column(String(32))
    is_void: Mapped[bool] = mapped_column(default=False, server_default=false())
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

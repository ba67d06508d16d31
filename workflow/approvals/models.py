"""Projections of circuits under way: what `rebuild` makes anew from the record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
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
    __table_args__ = (Index("ix_approvals_voter_mine", "person", "decided", "operation_id"),)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    step: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))  # role | body | recorder | substitute | advice
    decided: Mapped[bool]


class KeptState(OfOperation, Base):
    """The state of a long course at one of its versions, as circuit.snapshot writes it; see queries.kept for its use.

    seal: of the event of that version in the record. mark: of the code that folded and wrote it.
    """

    __tablename__ = "approvals_kept"
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))
    state: Mapped[dict[str, Any]] = mapped_column(JSON)


class Sitting(OfOperation, Base):
    """A meeting of a body: who is there decides several dossiers, and its secretary enters what was said.

    Nothing of it has effect before it is closed; until then each entry may be taken back.
    """

    __tablename__ = "approvals_sitting"
    __table_args__ = (UniqueConstraint("operation_id", "body", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]  # of this body, from 1
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date]
    begins: Mapped[str] = mapped_column(String(5))  # 14:30, or nothing
    place: Mapped[str] = mapped_column(String(200))
    guests: Mapped[list[Any]] = mapped_column(JSON)  # names: they attend without a voice
    state: Mapped[str] = mapped_column(String(10))  # open | closed | dropped
    version: Mapped[int]
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]


class Attendance(OfOperation, Base):
    """Somebody who sits in a seat with a voice at a sitting; absent seats have no row."""

    __tablename__ = "approvals_attendance"
    sitting_id: Mapped[str] = mapped_column(ForeignKey("approvals_sitting.id"), primary_key=True)
    seat: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(64))
    substitute: Mapped[bool]  # sits instead of the holder of the seat
    withdrawn: Mapped[bool]  # for a conflict of interest, from the whole sitting
    reason: Mapped[str] = mapped_column(String(32))  # sealed text


class Item(OfOperation, Base):
    """A dossier on the agenda of a sitting, and what was entered for it.

    said: None | voices | send_back | adjourn. positions: {organisation: [position, sealed reason]}.
    withdrawn: {seat: sealed reason} of those who withdraw for this dossier only. entries: how often something was
    entered or taken back. shown: fingerprint of the answers when it was entered. carried: what became of it once it
    took effect: approved | refused | given | sent_back | waiting | adjourned. problem: [msgid, parameters], why it had
    no effect.
    """

    __tablename__ = "approvals_sitting_item"
    sitting_id: Mapped[str] = mapped_column(ForeignKey("approvals_sitting.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    step: Mapped[str] = mapped_column(String(64))
    rank: Mapped[int]
    said: Mapped[str | None] = mapped_column(String(10))
    positions: Mapped[dict[str, Any]] = mapped_column(JSON)
    sections: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(32))
    withdrawn: Mapped[dict[str, Any]] = mapped_column(JSON)
    entries: Mapped[int]
    shown: Mapped[str] = mapped_column(String(64))
    entered_by: Mapped[str | None] = mapped_column(String(64))
    entered_at: Mapped[datetime | None]
    carried: Mapped[str | None] = mapped_column(String(10))
    problem: Mapped[list[Any]] = mapped_column(JSON)


class Batch(Base):
    """One deed for several subjects at once: looked at, confirmed, then done one by one.

    state: looking | looked | running | done. sealed: the reason, as long as it must still be written beside a decision.
    """

    __tablename__ = "approvals_batch"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    command: Mapped[str] = mapped_column(String(30))  # a name of circuit.commands
    opinion: Mapped[str] = mapped_column(String(20))
    from_person: Mapped[str] = mapped_column(String(64))
    to_person: Mapped[str] = mapped_column(String(64))
    destination: Mapped[str] = mapped_column(String(64), server_default="")  # of a return: the author, or a stage
    place: Mapped[str] = mapped_column(String(64))  # the operation whose list it comes from; empty: one's own tasks
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BatchLine(OfOperation, Base):
    """One subject of a batch. shown, mark: what the preview was made of, and what it said; told: that as data.

    code: why it cannot be done (empty: it can). outcome: done | faster | changed | refused | ended (the right
    to do it had) | failed.
    """

    __tablename__ = "approvals_batch_line"
    batch: Mapped[str] = mapped_column(String(32), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(80))
    step: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    shown: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40))
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    chosen: Mapped[bool]
    outcome: Mapped[str | None] = mapped_column(String(10))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    done_at: Mapped[datetime | None]


class PersonalLink(Base):
    """A link by which somebody without account acts once, at one step of one subject; a code opens it.

    Of its secret, its code and the visit under way only hashes are kept; the address is sealed with the subject.
    Not OfOperation: it is found before one knows whose it is. link_by, code_by: mail | letter.
    """

    __tablename__ = "dossiers_personal_link"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operation_id: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    step: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(
        String(64)
    )  # who acts by it: household:…, signatory:… or a person without account
    link_by: Mapped[str] = mapped_column(String(10))
    code_by: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(32), default="")  # sealed text
    lang: Mapped[str] = mapped_column(String(8))
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # none before its mail or letter is written
    mail_id: Mapped[str | None] = mapped_column(String(32), index=True)
    left_at: Mapped[datetime | None]  # when its mail was written or its letter printed
    printed_by: Mapped[str | None] = mapped_column(String(64))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_until: Mapped[datetime | None]
    codes: Mapped[int] = mapped_column(default=0)  # made so far
    wrong: Mapped[int] = mapped_column(default=0)  # codes typed in vain since the present one was made
    visit_hash: Mapped[str | None] = mapped_column(String(64))
    visit_until: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # the right code was typed for the first time
    used_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(String(20), default="")  # what was said by it, a code of its journey
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(64))

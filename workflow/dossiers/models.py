"""Households and their dossiers: plain columns for what finds them, encrypted rows for what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base, OfOperation

DRAFT, HANDED_ON = "draft", "handed on"
SET_ASIDE = "set aside"  # answers as they were under the version of the form before


class Household(OfOperation, Base):
    """A household to rehouse. Name and address are plain and erasable; `search` is their folded form."""

    __tablename__ = "dossiers_household"
    __table_args__ = (UniqueConstraint("operation_id", "reference"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    building_id: Mapped[str | None] = mapped_column(ForeignKey("operations_building.id"), index=True)
    entrance: Mapped[str] = mapped_column(String(40), default="")
    floor: Mapped[str] = mapped_column(String(20), default="")
    dwelling: Mapped[str] = mapped_column(String(40))
    dwelling_type: Mapped[str] = mapped_column(String(10), default="")
    surface: Mapped[float | None]
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(320))
    lang: Mapped[str] = mapped_column(String(8), default="fr", server_default="fr")  # in which one writes to it
    tenant_reference: Mapped[str | None] = mapped_column(String(60))
    persons: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(30), index=True)
    state_since: Mapped[datetime]
    referent: Mapped[str | None] = mapped_column(String(64), index=True)
    landlord: Mapped[str] = mapped_column(String(64))
    zone: Mapped[str] = mapped_column(String(64), default="")
    search: Mapped[str] = mapped_column(String(800))
    merged_into: Mapped[str | None] = mapped_column(String(32), index=True)  # entered twice: the one that stays
    version: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class WholeOperation:
    """Read where a household would be, of a dossier that has none: nobody lives there, follows it, or is written to."""

    name: str = ""
    reference: str = ""
    address: str = ""
    dwelling: str = ""
    landlord: str = ""
    zone: str = ""
    lang: str = "fr"
    state: str = ""
    building_id: None = None
    referent: None = None
    email: None = None


WHOLE_OPERATION = WholeOperation()


class Dossier(OfOperation, Base):
    """One run of a procedure, for a household or, where it has none, for the whole operation.

    Its course lies in the record; what is said here follows from it.
    """

    __tablename__ = "dossiers_dossier"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    household_id: Mapped[str | None] = mapped_column(ForeignKey("dossiers_household.id"), index=True)
    procedure: Mapped[str] = mapped_column(String(64))  # hash of the version it started on
    slug: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(64))
    officer: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)  # who carries it now
    opened_at: Mapped[datetime]
    void_at: Mapped[datetime | None]  # opened by mistake or twice
    void_by: Mapped[str | None] = mapped_column(String(64))
    void_reason: Mapped[str] = mapped_column(String(32), default="", server_default="")  # sealed text
    stale_from: Mapped[date | None] = mapped_column(Date, index=True)  # first day on which an answer is too old
    stale_under: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))  # by these limits: page → days
    closed: Mapped[bool] = mapped_column(default=False)
    open_key: Mapped[str | None] = mapped_column(
        String(140), unique=True
    )  # one open dossier per household or operation and procedure; none where several may be open
    taken: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))  # section → [person, since]
    household: Mapped[Household | None] = relationship(lazy="joined")

    @property
    def subject(self) -> str:
        return f"dossier:{self.id}"

    @property
    def about(self) -> Household | WholeOperation:
        """Whom it is about, for whoever only reads: a household, or everybody of the operation."""
        return self.household or WHOLE_OPERATION


class AnswerSet(OfOperation, Base):
    """One revision of the answers: instance XML and provenance, encrypted under the dossier's key.

    A draft is written in place (`saves` counts, so that two people notice each other); handed on, it is frozen.
    """

    __tablename__ = "dossiers_answer_set"
    __table_args__ = (UniqueConstraint("dossier_id", "revision"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossiers_dossier.id"), index=True)
    revision: Mapped[int]
    form_hash: Mapped[str] = mapped_column(String(64))
    procedure: Mapped[str] = mapped_column(String(64), default="", server_default="")  # the version it was given under
    instance_id: Mapped[str] = mapped_column(String(64))
    deprecated_id: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    saves: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # {"xml": …, "provenance": {path: [who, when, source]}}
    fingerprint: Mapped[str] = mapped_column(String(64))
    marks: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))  # section → keyed hash
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(64))
    saved_from: Mapped[str] = mapped_column(String(40), default="")  # the page that wrote last: a second tab is noticed
    removed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the row taken away last, sealed: it may come back
    source: Mapped[str] = mapped_column(String(20))  # web | paper | import

    @property
    def stamp(self) -> str:
        """What a page was shown with: so that two people who write notice each other."""
        return f"{self.revision}.{self.saves}"


class Submission(OfOperation, Base):
    """A whole set of answers that arrived: handed on in the page, sent by a telephone, keyed from paper, imported.

    The first of an instance counts (`twin` empty); other content under the same name is kept beside it, by its mark.
    `result` is the fingerprint of the answers it left: whether they were changed since. `sealed` holds what arrived and
    what was found, under the dossier's key, or under a key of its own while nobody knows whose it is.
    """

    __tablename__ = "dossiers_submission"
    __table_args__ = (UniqueConstraint("operation_id", "instance_id", "twin"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(String(100))
    twin: Mapped[str] = mapped_column(String(64), default="")
    deprecated_id: Mapped[str | None] = mapped_column(String(100))
    form_id: Mapped[str] = mapped_column(String(120))
    form_hash: Mapped[str] = mapped_column(String(64))
    dossier_id: Mapped[str | None] = mapped_column(ForeignKey("dossiers_dossier.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64))  # keyed hash of the XML
    result: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str] = mapped_column(String(10))  # web | phone | paper | import
    device: Mapped[str | None] = mapped_column(String(32))  # id of the device it came from
    person: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), index=True)  # accepted | flagged | conflict | aside
    findings: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(String(20), default="")  # of a conflict: one of rules.WHY_ASIDE
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # of paper: {on, by, scans}; codes and ids only
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # {"xml": …, "findings": [[kind, path]]}
    settled_at: Mapped[datetime | None]  # somebody looked at a conflict, or said whose it is
    settled_by: Mapped[str | None] = mapped_column(String(64))

    @property
    def subject(self) -> str:
        return f"submission:{self.id}"


class Fact(OfOperation, Base):
    """What lists, searches and indicators may read of answers: V0 and V1 questions marked for it, nothing else."""

    __tablename__ = "dossiers_fact"
    __table_args__ = (Index("ix_dossiers_fact_name_text", "name", "text"),)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossiers_dossier.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str | None] = mapped_column(String(400))
    number: Mapped[float | None] = mapped_column(Numeric(14, 4, asdecimal=False))
    date: Mapped[date | None] = mapped_column(Date)
    level: Mapped[str] = mapped_column(String(2))


class Agreement(OfOperation, Base):
    """An organisation to which the household agreed that its file be passed on (question A14)."""

    __tablename__ = "dossiers_agreement"
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossiers_dossier.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]


class Contact(OfOperation, Base):
    """One line of the contact log: a visit, a call, a letter. Its words are sealed."""

    __tablename__ = "dossiers_contact"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    household_id: Mapped[str] = mapped_column(ForeignKey("dossiers_household.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(32), default="")
    more: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Notice(OfOperation, Base):
    """Who was told what of a dossier, how and when: by mail, or by a printed notice that somebody hands over.

    person: whom it is for; none when it is for the household. The words are never kept: they follow from `what`.
    """

    __tablename__ = "dossiers_notice"
    __table_args__ = (UniqueConstraint("subject", "version", "what", "person"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    household_id: Mapped[str | None] = mapped_column(String(32), index=True)
    version: Mapped[int]  # the fact of the subject's course it tells of
    what: Mapped[str] = mapped_column(String(40))  # one of rules.NOTICES
    person: Mapped[str] = mapped_column(String(64), default="")  # "" is the household
    channel: Mapped[str] = mapped_column(String(10))  # mail | daily | paper
    state: Mapped[str] = mapped_column(
        String(14), index=True
    )  # waiting | sent | kept | bounced | to hand over | handed over | dropped
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the person's own link
    mail_id: Mapped[str | None] = mapped_column(String(32), index=True)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))  # who handed it over


class VersionChange(OfOperation, Base):
    """Open dossiers of an operation on their way to a newer version of their form, one transaction each.

    state: looking | looked | running | done. chosen: ids of dossiers; lines: what would become of each, then what did:
    [{dossier, reference, code, lost}].
    """

    __tablename__ = "dossiers_version_change"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))  # hash of the version they move to
    state: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[list[Any]] = mapped_column(JSON)  # ids of dossiers
    done: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Handover(OfOperation, Base):
    """Somebody leaves, or a mission ends: what they held passes to named persons at an hour."""

    __tablename__ = "dossiers_handover"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), index=True)  # who leaves
    successor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]  # when the access ends
    state: Mapped[str] = mapped_column(String(10))  # planned | done | cancelled
    reason: Mapped[str] = mapped_column(String(40))  # one of rules.LEAVING
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    passed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # ids of what passed on, by kind


class Undo(OfOperation, Base):
    """How to take an action back while nobody has acted on the same things since. Ids and codes only."""

    __tablename__ = "dossiers_undo"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    action: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    touched: Mapped[dict[str, Any]] = mapped_column(JSON)  # {subject: version right after the action}
    before: Mapped[dict[str, Any]] = mapped_column(JSON)  # what it takes to put it back
    spent_at: Mapped[datetime | None]


class RemarkCount(OfOperation, Base):
    """How often a text was looked at twice in a month: words pointed out, kept, put otherwise. Neither whose nor what.

    A journal: it follows from nothing and nothing follows from it.
    """

    __tablename__ = "dossiers_remark_count"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)  # operation, month
    month: Mapped[date] = mapped_column(Date)  # its first day
    shown: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    reworded: Mapped[int] = mapped_column(default=0)

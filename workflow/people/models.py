"""Organisations, persons, accounts, and who acts for whom, where, from when to when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base, OfOperation


class Organisation(Base):
    """A partner: city, landlord, préfecture, association… The slug is its name in circuits and answers."""

    __tablename__ = "people_organisation"
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    city: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    email: Mapped[str | None] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(300), default="", server_default="")
    represented_by: Mapped[str] = mapped_column(String(200), default="", server_default="")  # who signs its papers
    capacity: Mapped[str] = mapped_column(String(200), default="", server_default="")
    deliberation: Mapped[str] = mapped_column(String(200), default="", server_default="")  # which allows them to
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Person(Base):
    """Somebody. May act without an account."""

    __tablename__ = "people_person"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(40))
    organisation: Mapped[str | None] = mapped_column(ForeignKey("people_organisation.slug"))  # who employs them
    lang: Mapped[str] = mapped_column(String(8), default="fr")
    sentence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {lang: what they do}, for demonstration
    mails: Mapped[str] = mapped_column(String(10), default="each", server_default="each")  # each | daily
    bounced_at: Mapped[datetime | None]  # since when mails to this address come back
    tour: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")  # steps of the first day seen
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Account(Base):
    """A way to sign in: none or one per person."""

    __tablename__ = "people_account"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people_person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined")


class Assignment(Base):
    """A person holds a role for an organisation (employer distinct), in an operation or a body, between two dates.

    Not OfOperation: scopes are computed from these rows.
    """

    __tablename__ = "people_assignment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people_person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    organisation: Mapped[str | None] = mapped_column(ForeignKey("people_organisation.slug"))
    employer: Mapped[str | None] = mapped_column(ForeignKey("people_organisation.slug"))
    operation_id: Mapped[str | None] = mapped_column(String(64), index=True)
    body: Mapped[str | None] = mapped_column(String(64))
    since: Mapped[date]
    until: Mapped[date | None]  # the last day, included
    ended_at: Mapped[datetime | None]  # cut at an hour, whatever the dates say
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    person: Mapped[Person] = relationship(lazy="joined")


class Absence(Base):
    """Somebody is away from the first to the last day, both included; the substitute acts on their behalf.

    Not OfOperation: a person is away everywhere. `procedures`: slugs; empty means every one.
    """

    __tablename__ = "people_absence"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people_person.id"), index=True)
    substitute_id: Mapped[str] = mapped_column(ForeignKey("people_person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    procedures: Mapped[list[Any]] = mapped_column(JSON, default=list)
    declared_by: Mapped[str] = mapped_column(String(64))
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Body(OfOperation, Base):
    """An instance with seats, quorum and rhythm.

    decides: its seats read the needs of households and give a voice; each is an assignment as well.
    """

    __tablename__ = "people_body"
    __table_args__ = (UniqueConstraint("operation_id", "slug"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64))
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    chair: Mapped[str] = mapped_column(String(64), default="", server_default="")  # the organisation that presides
    secretaries: Mapped[list[Any]] = mapped_column(
        JSON, default=list, server_default="[]"
    )  # persons: they enter for it
    decides: Mapped[bool] = mapped_column(default=False, server_default=false())
    quorum: Mapped[int | None]
    rhythm: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Seat(OfOperation, Base):
    """A place in a body: an organisation, who sits, who may sit instead."""

    __tablename__ = "people_seat"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("people_body.id"), index=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("people_organisation.slug"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people_person.id"))
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("people_person.id"))
    guest: Mapped[bool] = mapped_column(default=False, server_default=false())  # attends, without a voice


class OneTimeLink(Base):
    """A link that acts once, by a POST, before it expires. Only the hash of its secret is kept."""

    __tablename__ = "people_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))  # reset | invite | code | first | address
    account_id: Mapped[str | None] = mapped_column(ForeignKey("people_account.id"))  # none for the first administrator
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]  # by whoever sent it, or because another one took its place


class Device(Base):
    """A telephone or a tablet that sends answers for a person, in one operation. Only the hash of its secret is kept.

    Not OfOperation: it is found before one knows whose it is. What it may do follows from what its person holds then.
    """

    __tablename__ = "people_device"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people_person.id"), index=True)
    operation_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

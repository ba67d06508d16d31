"""Organisations, persons, accounts, and who acts for whom, where, from when to when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db import Base, OfOperation


class Organisation(Base):
    """A partner: city, landlord, préfecture, association… The slug is its name in circuits and answers."""

    __tablename__ = "people_organisation"
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    city: Mapped[str] = mapped_column(String(120), default="")


class Person(Base):
    """Somebody. May act without an account."""

    __tablename__ = "people_person"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(8), default="fr")
    sentence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {lang: what they do}, for demonstration


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
    until: Mapped[date | None]
    person: Mapped[Person] = relationship(lazy="joined")


class Body(OfOperation, Base):
    """An instance with seats, quorum and rhythm."""

    __tablename__ = "people_body"
    __table_args__ = (UniqueConstraint("operation_id", "slug"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64))
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    quorum: Mapped[int | None]
    rhythm: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Seat(OfOperation, Base):
    """A place in a body: an organisation, who sits, who may sit instead."""

    __tablename__ = "people_seat"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("people_body.id"), index=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("people_organisation.slug"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people_person.id"))
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("people_person.id"))


class OneTimeLink(Base):
    """A link that acts once, by a POST, before it expires. Only the hash of its secret is kept."""

    __tablename__ = "people_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[str] = mapped_column(ForeignKey("people_account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

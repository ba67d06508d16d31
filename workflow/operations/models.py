"""One relocation operation: its tranches, buildings, parameters and figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation


class Operation(Base):
    """The operation itself is not OfOperation: which ones a request may touch is what the scope says."""

    __tablename__ = "operations_operation"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(120))
    owner: Mapped[str] = mapped_column(String(64))  # the organisation that answers for it
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Paris")
    label: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")  # its full name
    description: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    regime: Mapped[str] = mapped_column(String(40), default="", server_default="")  # which legal regime applies
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # with its zones, places and calendar
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Partner(OfOperation, Base):
    """An organisation in an operation: its part in it, and whether households are asked before it reads of them."""

    __tablename__ = "operations_partner"
    __table_args__ = (UniqueConstraint("operation_id", "organisation"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("people_organisation.slug"))
    part: Mapped[str] = mapped_column(String(40))  # one of rules.PARTS
    consent: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Tranche(OfOperation, Base):
    __tablename__ = "operations_tranche"
    __table_args__ = (UniqueConstraint("operation_id", "slug"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64))
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    moves: Mapped[int | None]  # households to rehouse
    dwellings: Mapped[int | None]  # to demolish or rebuild: not the same figure (empty ones, two households in one)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Building(OfOperation, Base):
    __tablename__ = "operations_building"
    __table_args__ = (UniqueConstraint("operation_id", "slug"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300))
    landlord: Mapped[str] = mapped_column(String(64))
    tranche_id: Mapped[str | None] = mapped_column(ForeignKey("operations_tranche.id"))
    dwellings: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Parameter(OfOperation, Base):
    """A figure that law or charter sets, with its source and date: never hard-coded."""

    __tablename__ = "operations_parameter"
    __table_args__ = (UniqueConstraint("operation_id", "code", "since"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    value: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(300))
    since: Mapped[date]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

"""One relocation operation: its tranches, buildings, parameters and figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
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
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Tranche(OfOperation, Base):
    __tablename__ = "operations_tranche"
    __table_args__ = (UniqueConstraint("operation_id", "slug"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64))
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    moves: Mapped[int | None]  # households to rehouse


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

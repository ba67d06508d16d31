"""Published procedures: frozen, addressed by the hash of their content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation


class ProcedureVersion(Base):
    """Form, circuit and document models as they were when published; a dossier stays on the version it started on."""

    __tablename__ = "catalogue_version"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), index=True)
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)  # procedure.yaml
    form_xml: Mapped[str] = mapped_column(Text)  # the contract: parsed, never recompiled
    circuit: Mapped[str] = mapped_column(Text)
    models: Mapped[dict[str, Any]] = mapped_column(JSON)  # {"fiche": {"fr": text, "en": text}}
    source: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # the XLSForm, to fit it to an operation
    source_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    published_at: Mapped[datetime]


class VersionFile(Base):
    """A file beside the form of a version: a list of choices, a picture, a sound. As frozen as the version itself."""

    __tablename__ = "catalogue_file"
    version: Mapped[str] = mapped_column(String(64), ForeignKey("catalogue_version.hash"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Procedure(Base):
    """Which version new dossiers start on."""

    __tablename__ = "catalogue_procedure"
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    current: Mapped[str] = mapped_column(String(64))


class Adoption(OfOperation, Base):
    """A procedure as one operation uses it: its lists of partners and zones are those of the operation."""

    __tablename__ = "catalogue_adoption"
    operation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    base: Mapped[str] = mapped_column(String(64))  # the version it was made from
    current: Mapped[str] = mapped_column(String(64))
    adopted_at: Mapped[datetime]

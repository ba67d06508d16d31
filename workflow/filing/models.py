"""Papers: what was written for whom, where its bytes are, and how to know them again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation

MAKING, READY = "making", "ready"


class Paper(OfOperation, Base):
    """One paper for one audience. The PDF is the original; its SHA-256 is how a copy is recognised."""

    __tablename__ = "filing_paper"
    __table_args__ = (
        Index("ix_filing_paper_pdf_sha256", "pdf_sha256"),
        Index("ix_filing_paper_alike", "subject", "kind", "audience", "lang", "version"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)  # printed; opens the public verification page
    subject: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]  # of the subject: the state of things the paper tells
    kind: Mapped[str] = mapped_column(String(40))  # the model: fiche
    audience: Mapped[str] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300), default="", server_default="")  # as lists call it; erasable
    parties: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")  # names, between whom; erasable
    search: Mapped[str] = mapped_column(String(1000), default="", server_default="")  # title and parties, folded
    state: Mapped[str] = mapped_column(String(10))  # whether its job failed for good, the outbox knows
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    pdf_name: Mapped[str | None] = mapped_column(String(200))  # in the store; encrypted under the subject's key
    docx_name: Mapped[str | None] = mapped_column(String(200))
    pdf_size: Mapped[int | None]
    docx_size: Mapped[int | None]
    missing_characters: Mapped[str | None] = mapped_column(String(200))
    void_at: Mapped[datetime | None]  # since when it counts no more
    void_of: Mapped[str | None] = mapped_column(String(32), index=True)  # the annulled copy of that paper


class KeptFile(OfOperation, Base):
    """A file somebody handed in: stored encrypted, under a random name, with its hash. part: a scan belongs to a
    signature; an attachment is for who follows the household, or shared with the partners it agreed to; an answer
    belongs to a question of a form, whose level says who may open it; a keyed file is the scan of a paper form: who may
    read every answer of it.

    Erased, its bytes are gone and the row stays: who, when, why.
    """

    __tablename__ = "filing_file"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(200))  # in the store
    mime: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(64))
    part: Mapped[str] = mapped_column(
        String(20), default="scan", server_default="scan"
    )  # scan, attachment, shared, answer, keyed
    caption: Mapped[str] = mapped_column(String(32), default="", server_default="")  # sealed text: what it is
    erased_at: Mapped[datetime | None]
    erased_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(32), default="", server_default="")  # sealed text: why


class Letterhead(Base):
    """The .docx in which an organisation's working copies are written; former ones stay, and may be taken up again.

    used_by: the organisation, while it is the one in use.
    """

    __tablename__ = "filing_letterhead"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    used_by: Mapped[str | None] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    docx: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(64))

"""Files brought in: what was read, how far the work is, and how each file's columns were understood last time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation


class ImportRun(OfOperation, Base):
    """One file of households on its way in. Its bytes are sealed, and erased when the run ends.

    state: read (columns to be matched) | checked (preview shown) | running | done | failed | dropped.
    """

    __tablename__ = "exchange_import_run"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(10))
    sheet: Mapped[str] = mapped_column(String(120), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {column header: field}
    total: Mapped[int] = mapped_column(default=0)  # rows of the file that hold something
    done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {"new": 12, "known": 3, "wrong": 1, …}
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {"leave_out": bool, "apply": [household]}
    findings: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [{row, column, code, params}], no answers
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ImportMapping(OfOperation, Base):
    """How columns of that shape were understood last time in this operation."""

    __tablename__ = "exchange_import_mapping"
    operation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)  # hash of the headers
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]

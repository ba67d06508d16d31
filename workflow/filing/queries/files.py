"""Read what people handed in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow.db import db
from workflow.errors import NotFound
from workflow.filing.models import KeptFile
from workflow.filing.queries.sealed import unsealed
from workflow.record.queries import text


def file_seal(file_id: str) -> str:
    return f"file:{file_id}"


def kept_file(subject: str, sha256: str) -> KeptFile | None:
    """A scan handed in for a subject, by its SHA-256 (the one decisions name); not once it was erased. The same bytes
    may be an attachment as well: that one is erased by itself.
    """
    asked = select(KeptFile).where(KeptFile.subject == subject, KeptFile.sha256 == sha256, KeptFile.part == "scan")
    return db.session.scalar(asked.where(KeptFile.erased_at.is_(None)).limit(1))


def answer(subject: str, token: str, path: str) -> KeptFile | None:
    """The file given as an answer to the question at `path` (of the form), by the token in its name."""
    asked = select(KeptFile).where(KeptFile.subject == subject, KeptFile.part == "answer", KeptFile.erased_at.is_(None))
    found = db.session.scalar(asked.where(KeptFile.id.startswith(token, autoescape=True)).limit(1)) if token else None
    return found if found is not None and text(found.caption) == path else None


def file(file_id: str) -> KeptFile:
    """A file of the scope, erased or not. Raises NotFound."""
    row = db.session.scalar(select(KeptFile).where(KeptFile.id == file_id))
    if row is None:
        raise NotFound()
    return row


def files_of(subjects: Iterable[str]) -> list[KeptFile]:
    """Every file of these subjects, the newest first; of those erased only the row is left."""
    asked = select(KeptFile).where(KeptFile.subject.in_(list(subjects)))
    return list(db.session.scalars(asked.order_by(KeptFile.kept_at.desc(), KeptFile.id)))


def lives(name: str) -> bool:
    """Whether a file that was not erased lies in the store under that name."""
    asked = select(KeptFile.id).where(KeptFile.name == name, KeptFile.erased_at.is_(None))
    return db.session.scalar(asked) is not None


def bytes_of_file(row: KeptFile) -> bytes:
    """The bytes somebody handed in. Raises NotFound once they were erased."""
    if row.erased_at:
        raise NotFound("This document has been erased.")
    return unsealed(row.subject, row.name, file_seal(row.id))

"""Read papers; recognise a copy."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow.db import db, unscoped
from workflow.errors import NotFound
from workflow.filing.models import READY, Paper
from workflow.filing.queries.sealed import unsealed

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def paper(paper_id: str) -> Paper:
    """A paper of the scope by its id. Raises NotFound."""
    row = db.session.scalar(select(Paper).where(Paper.id == paper_id))
    if row is None:
        raise NotFound()
    return row


def papers(subject: str) -> list[Paper]:
    """Every paper of a subject, the newest state of things first; those being made and those annulled are among them,
    not the copies that say so.
    """
    asked = select(Paper).where(Paper.subject == subject, Paper.void_of.is_(None))
    return list(db.session.scalars(asked.order_by(Paper.version.desc(), Paper.kind, Paper.audience, Paper.lang)))


def by_reference(reference: str) -> Paper | None:
    """A paper of the scope by its printed reference."""
    return db.session.scalar(select(Paper).where(Paper.reference == reference, Paper.void_of.is_(None)))


def void_copies(papers: Iterable[Paper]) -> dict[str, Paper]:
    """{paper id: the latest copy that says it was annulled} of those that are annulled."""
    wanted = [row.id for row in papers if row.void_at]
    asked = select(Paper).where(Paper.void_of.in_(wanted)).order_by(Paper.version)
    return {str(row.void_of): row for row in db.session.scalars(asked)}


def printed_reference(row: Paper) -> str:
    """The reference at the foot of a paper: an annulled copy carries that of its original."""
    return db.session.get_one(Paper, row.void_of).reference if row.void_of else row.reference


def issued(reference: str) -> Paper | None:
    """What anybody who holds a paper may ask: was this reference issued here? Never whose it is."""
    with unscoped("anybody may ask whether a reference was issued here"):
        asked = select(Paper).where(Paper.reference == reference, Paper.state == READY, Paper.void_of.is_(None))
        return db.session.scalar(asked)


def replacing(row: Paper) -> Paper | None:
    """The first paper of the same kind, for the same readers, of a later state of things; None while there is none."""
    with unscoped("anybody may ask whether a paper was replaced by a newer one"):
        alike = (getattr(Paper, name) == getattr(row, name) for name in ("subject", "kind", "audience", "lang"))
        later = select(Paper).where(*alike, Paper.version > row.version, Paper.state == READY, Paper.void_of.is_(None))
        return db.session.scalar(later.where(Paper.void_at.is_(None)).order_by(Paper.version).limit(1))


def with_hash(sha256: str) -> Paper | None:
    """The paper whose sealed PDF has this SHA-256."""
    with unscoped("anybody may ask whether a file was issued here"):
        return db.session.scalar(select(Paper).where(Paper.pdf_sha256 == sha256, Paper.state == READY))


def bytes_of(row: Paper, form: str) -> bytes:
    """One file of a paper ("pdf" or "docx"). Raises NotFound while it is being made, or once it was erased."""
    name = {"pdf": row.pdf_name, "docx": row.docx_name}.get(form)
    if row.state != READY or not name:
        raise NotFound()
    return unsealed(row.subject, name, paper_seal(row.id, form))


def paper_seal(paper_id: str, form: str) -> str:
    """What the encrypted bytes of a paper are bound to: moved to another row they do not open."""
    return f"paper:{paper_id}:{form}"

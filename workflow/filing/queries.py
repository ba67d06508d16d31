"""Read papers and kept files; recognise a copy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from documents.authority import Authority, NoKey
from documents.house import HouseStyle
from workflow.config import Config
from workflow.db import db, unscoped
from workflow.errors import NotFound
from workflow.filing.models import READY, KeptFile, Paper
from workflow.record.queries import key_of, text
from workflow.storage import open_store, unseal

HOUSE = Path(__file__).resolve().parents[2] / "templates" / "house-style"
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
    return _unsealed(row.subject, name, paper_seal(row.id, form))


def paper_seal(paper_id: str, form: str) -> str:
    """What the encrypted bytes of a paper are bound to: moved to another row they do not open."""
    return f"paper:{paper_id}:{form}"


def file_seal(file_id: str) -> str:
    return f"file:{file_id}"


def kept_file(subject: str, sha256: str) -> KeptFile | None:
    """A file handed in for a subject, by its SHA-256 (the one decisions name); not once it was erased."""
    asked = select(KeptFile).where(KeptFile.subject == subject, KeptFile.sha256 == sha256)
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
    return _unsealed(row.subject, row.name, file_seal(row.id))


def _unsealed(subject: str, name: str, bound_to: str) -> bytes:
    key = key_of(subject)
    if key is None:
        raise NotFound("This document has been erased.")
    sealed = open_store(current_app.config["RELAIS"].storage_url).get(name)
    return unseal(key, sealed, bound_to)


def authority(config: Config) -> Authority:
    """The installation's own authority. Raises NoKey when its keys are missing or unreadable."""
    return Authority.load(config.authority)


def trust_roots(config: Config) -> tuple[bytes, ...]:
    """What a verification here trusts; nothing when there is no authority."""
    try:
        return authority(config).trust_roots
    except NoKey:
        return ()


def house_style(organisation: str, address: tuple[str, ...] = ()) -> HouseStyle:
    """The house style under an organisation's letterhead."""
    return HouseStyle.load(HOUSE, organisation=organisation, address=address)

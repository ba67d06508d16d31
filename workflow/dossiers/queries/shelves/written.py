"""The papers of dossiers, as the list of all papers tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_

from workflow import access
from workflow.access import Identity
from workflow.catalogue.queries import version
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.shelves.readable import bears_signatures, documents, in_use, papers_open_to
from workflow.dossiers.queries.sought import sought
from workflow.dossiers.rules import folded
from workflow.filing.models import READY, Paper
from workflow.filing.queries import FORMATS, void_copies
from workflow.filing.queries.shelves import (
    Line,
    Place,
    Said,
    Shelf,
    Wanted,
    not_erased,
    papers_wanted,
    rows_of,
    scanned,
    states_of,
)
from workflow.filing.queries.signatures import Sought, signed_places, waits
from workflow.web.spoken import label

NAME = "dossier"
_ID = func.substr(Paper.subject, len("dossier:") + 1)


def kinds(identity: Identity, operation: str) -> dict[str, str]:
    """Each document is called like its first version; those of one name are one kind."""
    told = {one["name"]: label(one["audiences"][0]["label"]) for each in in_use(operation) for one in documents(each)}
    return told


def asked(identity: Identity, wanted: Wanted) -> Select[Any] | None:
    about = func.coalesce(Household.search if _names(identity, wanted.operation) else Household.reference, "")
    return papers_wanted(wanted, papers_open_to(identity, wanted.operation), _said(identity, wanted), about=about)


def _names(identity: Identity, operation: str) -> bool:
    return access.may_read_names(identity, operation)


def _said(identity: Identity, wanted: Wanted) -> Said:
    use = in_use(wanted.operation) if wanted.words or wanted.state else []
    signing = [(one.hash, each["name"]) for one in use for each in documents(one) if bears_signatures(one, each)]
    named = [
        (one.hash, each["name"], audience["name"], folded(label(audience["label"])))
        for one in use
        for each in documents(one)
        for audience in each["audiences"]
    ]

    still = Sought(identity, wanted.operation, folded)

    def more(word: str) -> ColumnElement[bool]:
        fits = [(hash_, kind, audience) for hash_, kind, audience, words in named if word in words]
        entitled = tuple_(Dossier.procedure, Paper.kind, Paper.audience).in_(fits) if fits else false()
        return or_(entitled, Paper.subject.in_(sought(word, identity)), still(word))

    signed = tuple_(Dossier.procedure, Paper.kind).in_(signing) if signing else false()
    return Said(more, signed, _joined)


def _joined(question: Any) -> Any:
    there = and_(Dossier.id == _ID, Paper.subject.startswith("dossier:"))
    return question.join(Dossier, there).join(Household, Household.id == Dossier.household_id, isouter=True)


# -- lines --------------------------------------------------------------------------------------------------------


def lines(identity: Identity, operation: str, ids: Sequence[str]) -> dict[str, Line]:
    rows = rows_of(ids)
    files = dossiers_of(row.subject for row in rows)
    states = states_of(rows, lambda row: _is_signed(files[row.subject], row.kind))
    awaited, whole = waits(identity, operation, ids), signed_places(ids)
    copies, scans, opened = void_copies(rows), scanned(files), not_erased(files)

    def line(row: Paper) -> Line:
        file = files[row.subject]
        name, page = about(identity, file)
        ready = row.state == READY and (row.void_at is None or row.id in copies) and row.subject in opened
        return Line(
            id=row.id,
            title=row.title or entitled(file, row.kind, row.audience),
            reference=row.reference,
            at=row.made_at or row.asked_at,
            state=states[row.id],
            kind=row.kind,
            audience=row.audience,
            page=("dossiers.dossier", {"reference": file.reference}),
            about=name,
            about_page=page,
            parties=tuple(row.parties),
            waits=awaited.get(row.id, ()),
            signed=row.subject in scans and _is_signed(file, row.kind),
            files=_files(row) | whole.get(row.id, {}) if ready else {},
            paper=row,
        )

    return {row.id: line(row) for row in rows}


def _files(row: Paper) -> dict[str, Place]:
    return {form: ("dossiers.paper", {"reference": row.reference, "form": form}) for form in FORMATS}


def dossiers_of(subjects: Iterable[str]) -> dict[str, Dossier]:
    """{subject: dossier}, with their households, in one question."""
    wanted = {subject.removeprefix("dossier:") for subject in subjects}
    return {row.subject: row for row in db.session.scalars(select(Dossier).where(Dossier.id.in_(wanted)))}


def _is_signed(file: Dossier, kind: str) -> bool:
    published = version(file.procedure)
    return any(bears_signatures(published, one) for one in documents(published) if one["name"] == kind)


def entitled(file: Dossier, kind: str, audience: str) -> str:
    """How the procedure calls that version of a document."""
    published = version(file.procedure)
    told = (one for document in documents(published) if document["name"] == kind for one in document["audiences"])
    return next((label(one["label"]) for one in told if one["name"] == audience), label(published.label))


def about(identity: Identity, file: Dossier) -> tuple[str, Place | None]:
    """A household as this reader may know it; of a paper of the whole operation, its dossier."""
    home = file.household
    if home is None:
        return file.reference, ("dossiers.dossier", {"reference": file.reference})
    named = access.may_read_names(identity.at(file.slug), file.operation_id)
    name = home.name if named and home.name else home.reference
    return name, ("dossiers.household", {"household_id": home.merged_into or home.id})


OF_DOSSIERS = Shelf(NAME, kinds, asked, lines)

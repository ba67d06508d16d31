"""Attachments: of a household, of a dossier; who may read which."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select

from forms.visibility import may_see_all
from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Agreement, Dossier, Household
from workflow.dossiers.queries.answers import form_of
from workflow.dossiers.queries.arriving import lens_of
from workflow.dossiers.queries.dossiers import by_subject, dossier
from workflow.dossiers.queries.listing import household
from workflow.dossiers.queries.mending import subjects_of
from workflow.dossiers.queries.undoable import household_by_id
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import KeptFile

TEAM, SHARED, SCAN, ANSWER, KEYED = "attachment", "shared", "scan", "answer", "keyed"


def home_of(row: KeptFile) -> Household | None:
    """The household a file belongs to; None for a file of a whole operation."""
    return None if _of_operation(row) else household_of(row)


def household_of(row: KeptFile) -> Household:
    """The household a file belongs to, by itself or through its dossier; the one that stays, when it was merged.

    NotFound for a file of a whole operation.
    """
    kind, _, told = row.subject.partition(":")
    found = household_by_id(told) if kind == "household" else by_subject(row.subject).household
    if found is None:
        raise NotFound()
    return household_by_id(found.merged_into) if found.merged_into else found


def attachments(identity: Identity, row: Household) -> list[KeptFile]:
    """Attachments of a household this reader may read, the newest first."""
    return _readable(identity, row, subjects_of(row))


def attachments_of_dossier(identity: Identity, row: Dossier) -> list[KeptFile]:
    """The same for one dossier, the scans of its signed papers among them."""
    if row.household is None:
        return [one for one in filing.files_of([row.subject]) if _of_the_whole(identity, one)]
    return _readable(identity, row.household, [row.subject])


def _of_the_whole(identity: Identity, row: KeptFile) -> bool:
    """What was signed on paper for a whole operation, and what was shared, is read by whoever may open its dossier; the
    rest by whoever works for the organisation that answers for the operation.
    """
    if row.erased_at:
        return False
    team = access.reads_by_agreement(identity, row.operation_id) is None
    return row.part in (SCAN, SHARED) or (row.part == TEAM and team)


def _readable(identity: Identity, row: Household, subjects: Iterable[str]) -> list[KeptFile]:
    parts = _parts(identity, row)
    return [found for found in filing.files_of(subjects) if _may_read(identity, found, parts)]


def _may_read(identity: Identity, row: KeptFile, parts: Collection[str]) -> bool:
    if row.erased_at or row.part not in parts:
        return False
    if row.part != KEYED:
        return True
    dossier = by_subject(row.subject)
    return may_see_all(form_of(dossier), lens_of(identity, dossier))


def levels_of(row: KeptFile) -> tuple[str, ...]:
    """What may stand in a file, for the journal of who read it: a letter may tell anything, a paper form even what was
    confided.
    """
    return ("V3", "V4") if row.part == KEYED else ("V3",)


def _parts(identity: Identity, row: Household) -> frozenset[str]:
    """Whoever reads with the household's agreement only, reads what was shared; nobody without names anything."""
    if not access.may_read_names(identity, row.operation_id):
        return frozenset()
    by_agreement = access.reads_by_agreement(identity, row.operation_id)
    if by_agreement is None:
        return frozenset(("attachment", SHARED, SCAN, KEYED))
    return frozenset((SHARED,)) if _agreed(row, by_agreement) else frozenset()


def _agreed(row: Household, organisations: frozenset[str]) -> bool:
    asked = select(Agreement.dossier_id).join(Dossier, Dossier.id == Agreement.dossier_id)
    asked = asked.where(Dossier.household_id == row.id, Agreement.organisation.in_(organisations))
    return db.session.scalar(asked.limit(1)) is not None


def attachment(identity: Identity, file_id: str) -> KeptFile:
    """One file this reader may have. NotFound when it is absent, hidden or erased."""
    row = filing.file(file_id)
    if _of_operation(row):
        reader = identity.at(dossier(identity, by_subject(row.subject).reference).slug)
        if not _of_the_whole(reader, row):
            raise NotFound()
        return row
    home = household(identity, household_of(row).id)
    if not _may_read(identity, row, _parts(identity, home)):
        raise NotFound()
    return row


def _of_operation(row: KeptFile) -> bool:
    """Whether it belongs to a dossier of a whole operation; what was given there as an answer has a door of its own."""
    kind, _, _told = row.subject.partition(":")
    return kind == "dossier" and row.part != ANSWER and by_subject(row.subject).household_id is None


def erased(row: Household, dossiers: Iterable[Dossier] = ()) -> list[KeptFile]:
    """Files that were taken away: who, when and why are left."""
    subjects = [*subjects_of(row), *(found.subject for found in dossiers)]
    return [found for found in filing.files_of(subjects) if found.erased_at and found.part != ANSWER]

"""Dossiers: found by reference, by household, by subject; loaded and authorised in one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.db import db, prepared
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries import whom
from workflow.dossiers.queries.agreed import is_passed_on
from workflow.errors import NotFound

_REFERRED = prepared(select(Dossier).where(Dossier.reference == bindparam("reference")))


def by_subject(subject: str) -> Dossier:
    """A dossier by the subject approvals knows it under."""
    row = db.session.get(Dossier, subject.removeprefix("dossier:"))  # asked many times in a request: kept there
    if row is None:
        raise NotFound()
    return row


def may_open(identity: Identity, row: Dossier) -> bool:
    """Whether this reader may open a dossier of the scope."""
    identity = identity.at(row.slug)
    if row.household_id is None:
        return whom.may_open(identity, row)
    by_agreement = access.reads_by_agreement(identity, row.operation_id)
    if by_agreement is None:
        return bool(identity.grants_in(row.operation_id))
    return is_passed_on(row, by_agreement, identity)


def openable(subjects: Iterable[str], identity: Identity) -> set[str]:
    """Those of these dossiers that this reader may open."""
    wanted = {subject.removeprefix("dossier:") for subject in subjects}
    rows = db.session.scalars(select(Dossier).where(Dossier.id.in_(wanted)))
    return {row.subject for row in rows if may_open(identity, row)}


def dossier(identity: Identity, reference: str) -> Dossier:
    """Load and authorise in one: NotFound when it is absent, out of scope, or the household did not agree."""
    row = db.session.scalar(_REFERRED, {"reference": reference})
    if row is None or not may_open(identity, row):
        raise NotFound()
    return row


def by_reference(reference: str) -> Dossier:
    """A dossier of the scope by its reference, whoever asks: for actions that authorise by themselves."""
    row = db.session.scalar(_REFERRED, {"reference": reference})
    if row is None:
        raise NotFound()
    return row


def dossiers_of(identity: Identity, row: Household) -> list[Dossier]:
    """A household's dossiers this reader may open, newest first."""
    asked = select(Dossier).where(Dossier.household_id == row.id).order_by(Dossier.opened_at.desc())
    return [found for found in db.session.scalars(asked) if may_open(identity, found)]


def open_dossier_of(row: Household, slug: str) -> Dossier | None:
    """The dossier of this household that is still under way."""
    return db.session.scalar(select(Dossier).where(Dossier.open_key == open_key(row.id, slug)))


def open_key(household_id: str, slug: str) -> str:
    return f"{household_id}:{slug}"


def open_steps(row: Dossier) -> list[str]:
    """Ids of the steps of this dossier that wait for somebody."""
    return [task.step for task in approvals.tasks([row.subject]).get(row.subject, [])]

"""Dossiers of a whole operation: which procedures they follow, what may be begun, those there are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from workflow.access import Identity
from workflow.catalogue import queries as catalogue
from workflow.catalogue.queries import Published
from workflow.catalogue.rules import is_about_operation
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries import whom
from workflow.dossiers.queries.beginning import filled_by


@dataclass(frozen=True)
class Begun:
    """A procedure this person may begin for the operation. under_way: the one that is there, where one is enough."""

    published: Published
    under_way: Dossier | None


def procedures(operation: str) -> list[Published]:
    """Those that speak of a whole operation, among the forms it uses."""
    known = (catalogue.current(slug, operation) for slug in catalogue.adopted(operation))
    return [one for one in known if one is not None and is_about_operation(one.settings)]


def beginnings(identity: Identity, operation: str) -> list[Begun]:
    """What this person may begin for the operation. Forms that were taken out of use are left out."""
    return [
        Begun(one, open_dossier_of(operation, one))
        for one in procedures(operation)
        if may_begin(identity, operation, one) and not catalogue.retired(one.slug, operation)
    ]


def may_begin(identity: Identity, operation: str, published: Published) -> bool:
    """Whether this person fills in its first pages, in a role of their own or in the place of somebody away."""
    return bool({one.role for one in identity.grants_in(operation)} & filled_by(published))


def open_dossier_of(operation: str, published: Published) -> Dossier | None:
    """The dossier of this procedure that is still under way; None where several may be open at once."""
    key = open_key(operation, published)
    return db.session.scalar(select(Dossier).where(Dossier.open_key == key)) if key else None


def open_key(operation: str, published: Published) -> str | None:
    """None where several may be open at once (`once_open: false` in procedure.yaml)."""
    return f"operation:{operation}:{published.slug}" if published.settings.get("once_open", True) else None


def count(operation: str) -> int:
    """How many there are, closed ones included."""
    here = select(func.count()).where(Dossier.operation_id == operation, Dossier.household_id.is_(None))
    return db.session.scalar(here) or 0


def dossiers(identity: Identity, operation: str) -> list[Dossier]:
    """Those of the operation that this reader may open, the newest first."""
    asked = select(Dossier).where(Dossier.operation_id == operation, Dossier.household_id.is_(None))
    rows = db.session.scalars(asked.order_by(Dossier.opened_at.desc(), Dossier.reference.desc()))
    return [row for row in rows if whom.may_open(identity, row)]

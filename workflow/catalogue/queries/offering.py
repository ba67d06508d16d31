"""What an operation is offered of the common forms, what it declined, and where a form is retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from workflow import access
from workflow.access import Identity
from workflow.catalogue.models import Adoption, Procedure
from workflow.catalogue.queries.use import retired
from workflow.catalogue.queries.versions import version
from workflow.db import db
from workflow.operations import queries as operations
from workflow.record.models import chain_of
from workflow.record.queries import facts

NOT_FOLLOWED = "ProcedureNotFollowed"


@dataclass(frozen=True)
class Offer:
    """A form of an operation that is not the common one in use. own: it has one of its own. stuck: it was to go over
    to the common one by itself, and could not.
    """

    slug: str
    label: Mapping[str, str]
    base: str
    common: str
    own: bool
    stuck: bool


def offers(operation: str) -> list[Offer]:
    """Common forms that are newer than what this operation knows of."""
    return _apart(operation, Adoption.common != Procedure.current)


def declined(operation: str) -> list[Offer]:
    """Common forms that this operation knows of and does without."""
    return _apart(operation, Adoption.common == Procedure.current, Adoption.base != Procedure.current)


def _apart(operation: str, *how: ColumnElement[bool]) -> list[Offer]:
    asked = select(Adoption, Procedure.current).join(Procedure, Procedure.slug == Adoption.slug)
    rows = db.session.execute(asked.where(Adoption.operation_id == operation, *how).order_by(Adoption.slug))
    return [_offer(row, common) for row, common in rows]


def _offer(row: Adoption, common: str) -> Offer:
    told = facts(f"procedure:{row.slug}")
    failed = {(one.chain, one.data["hash"]) for one in told if one.kind == NOT_FOLLOWED}
    stuck = (chain_of(row.operation_id), common) in failed
    return Offer(row.slug, version(common).label, row.base, common, own=row.base != row.common, stuck=stuck)


def retired_in(identity: Identity, slug: str) -> tuple[list[str], bool]:
    """Names of the operations this person sets up in which nothing begins on that form, and whether these are all that
    use it.
    """
    asked = select(Adoption.operation_id).where(Adoption.slug == slug)
    used = {one for one in db.session.scalars(asked) if access.may_set_up(identity, one)}
    closed = [row for row in operations.every_operation() if row.id in used and retired(slug, row.id)]
    return [row.name for row in closed], bool(used) and len(closed) == len(used)

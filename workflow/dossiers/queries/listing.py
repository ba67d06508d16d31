"""Households: whom a reader may know of, and how a list of them is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, or_, select

from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.approvals.models import Course, Task
from workflow.db import db
from workflow.dossiers.models import Contact, Dossier, Household
from workflow.dossiers.queries.agreed import passed_on_to
from workflow.dossiers.rules import STATES, terms
from workflow.errors import NotFound
from workflow.operations.models import Building

PAGE = 50


@dataclass(frozen=True)
class Search:
    """What a list was asked: words, filters, page (from 1)."""

    words: str = ""
    state: str = ""
    building: str = ""
    mine: bool = False
    sort: str = "reference"
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page of a list, and how many there are in all."""

    rows: list[Household]
    total: int
    page: int
    size: int = PAGE
    dossiers: dict[str, Dossier] = field(default_factory=dict)  # by household id: the latest
    courses: dict[str, Course] = field(default_factory=dict)  # by subject
    tasks: dict[str, list[Task]] = field(default_factory=dict)  # by subject


_BUILDING = select(Building.name).where(Building.id == Household.building_id).scalar_subquery()


_STATE = case({state: rank for rank, state in enumerate(STATES)}, value=Household.state)


SORTS: dict[str, Any] = {
    "reference": (Household.reference,),
    "name": (Household.name == "", Household.search),  # begins with the name, without accents; the erased come last
    "dwelling": (_BUILDING, Household.dwelling),
    "state": (_STATE, Household.reference),
    "since": (Household.state_since, Household.reference),
}
"""How a list may be ordered; with a leading "-", the other way round."""


def households(identity: Identity, operation: str, search: Search, *, everything: bool = False) -> Found:
    """Households this reader may know of; words are looked for without accents or case."""
    asked = readable(identity, operation)
    column = Household.search if access.may_read_names(identity, operation) else Household.reference
    for term in terms(search.words):
        asked = asked.where(func.lower(column).contains(term, autoescape=True))
    if search.state:
        asked = asked.where(Household.state == search.state)
    if search.building:
        asked = asked.where(Household.building_id == search.building)
    if search.mine:
        asked = asked.where(Household.referent == identity.person)
    total = db.session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    order = SORTS.get(search.sort.removeprefix("-"), SORTS["reference"])
    asked = asked.order_by(*(column.desc() for column in order) if search.sort.startswith("-") else order)
    page = max(1, min(search.page, -(-total // PAGE) or 1))
    if not everything:
        asked = asked.limit(PAGE).offset((page - 1) * PAGE)
    rows = list(db.session.scalars(asked))
    return _with_dossiers(identity, operation, Found(rows, total, page))


def readable(identity: Identity, operation: str):
    """The controller's people see every household; a landlord's its own; the others those that agreed; whoever stands
    in for somebody for some kinds of procedure, those with such a dossier.

    Those merged into another are seen by nobody.
    """
    asked, lent = _readable(identity, operation), sorted(identity.lent_kinds(operation))
    if not lent:
        return asked
    wanted = [asked.with_only_columns(Household.id)]
    for kind in lent:
        there = _readable(identity.at(kind), operation).with_only_columns(Household.id)
        wanted.append(select(Dossier.household_id).where(Dossier.slug == kind, Dossier.household_id.in_(there)))
    return select(Household).where(or_(*(Household.id.in_(one) for one in wanted)))


def _readable(identity: Identity, operation: str):
    asked = select(Household).where(Household.operation_id == operation, Household.merged_into.is_(None))
    by_agreement = access.reads_by_agreement(identity, operation)
    if by_agreement is None:
        return asked
    agreed = select(Dossier.household_id).where(Dossier.id.in_(passed_on_to(by_agreement, operation, identity)))
    if access.may_read_names(identity, operation):
        return asked.where(Household.landlord.in_(by_agreement) | Household.id.in_(agreed))
    return asked.where(Household.id.in_(agreed))


def _with_dossiers(identity: Identity, operation: str, found: Found) -> Found:
    ids = [row.id for row in found.rows]
    asked = select(Dossier).where(Dossier.household_id.in_(ids), Dossier.void_at.is_(None)).order_by(Dossier.opened_at)
    by_agreement = access.reads_by_agreement(identity, operation)
    if by_agreement is not None:
        asked = asked.where(Dossier.id.in_(passed_on_to(by_agreement, operation, identity)))
    found.dossiers.update({row.household_id: row for row in db.session.scalars(asked) if row.household_id})
    subjects = [row.subject for row in found.dossiers.values()]
    found.courses.update(approvals.courses(subjects))
    found.tasks.update(approvals.tasks(subjects))
    return found


def household(identity: Identity, household_id: str) -> Household:
    """One household this reader may know of; NotFound when it is absent or hidden."""
    for operation in sorted(identity.operations):
        row = db.session.scalar(readable(identity, operation).where(Household.id == household_id))
        if row:
            return row
    raise NotFound()


def states_count(identity: Identity, operation: str) -> dict[str, int]:
    known = readable(identity, operation).subquery()
    rows = db.session.execute(select(known.c.state, func.count()).group_by(known.c.state))
    return {state: count for state, count in rows}


def contacts(household_id: str) -> list[Contact]:
    return list(
        db.session.scalars(select(Contact).where(Contact.household_id == household_id).order_by(Contact.at.desc()))
    )

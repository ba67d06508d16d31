"""Who may mend what, and where things lie that were moved or merged."""

from __future__ import annotations

from sqlalchemy import select

from workflow import access
from workflow.access import Identity
from workflow.catalogue.queries import version
from workflow.db import db
from workflow.dossiers.models import HANDED_ON, AnswerSet, Dossier, Household
from workflow.dossiers.queries.known import already_there
from workflow.dossiers.rules import folded
from workflow.people.queries import grants_of
from workflow.record.queries import Fact, facts

TRACES = frozenset(
    ("DossierMovedAway", "DossierMovedHere", "FileMovedAway", "FileMovedHere", "FileErased", "HouseholdsMerged")
)
"""Facts of a household that tell of something mended."""


def may_mend(identity: Identity, row: Dossier) -> bool:
    """Whoever carries a dossier, and whoever sets the operation up, may annul it or move it."""
    if access.may_set_up(identity, row.operation_id):
        return True
    return identity.person == (row.officer or row.author) and access.may_fill(identity, row.operation_id)


def stops(row: Dossier, person: str) -> bool:
    """The same, asked of a person whose identity is not at hand."""
    held = [grant for grant in grants_of(person) if grant.operation == row.operation_id and grant.role in access.ROLES]
    if any(access.ROLES[grant.role].sets_up for grant in held):
        return True
    return person == (row.officer or row.author) and any(access.ROLES[grant.role].fill for grant in held)


def may_mend_household(identity: Identity, operation: str) -> bool:
    """Whoever follows households or sets the operation up, and may know their names."""
    works = access.may_fill(identity, operation) or access.may_set_up(identity, operation)
    return works and access.may_read_names(identity, operation)


def leads_to(household_id: str) -> str | None:
    """Where a household that was entered twice leads now; None for any other."""
    return db.session.scalar(select(Household.merged_into).where(Household.id == household_id))


def subjects_of(row: Household) -> list[str]:
    """A household and those merged into it: what was handed in for one of them is theirs together."""
    merged = db.session.scalars(select(Household.id).where(Household.merged_into == row.id).order_by(Household.id))
    return [f"household:{found}" for found in (row.id, *merged)]


def same_door(row: Household) -> list[Household]:
    """Households behind the same door, or with the same tenant reference: probably this one, entered twice."""
    told = {name: getattr(row, name) for name in ("building_id", "dwelling", "address", "tenant_reference")}
    return already_there(row.operation_id, told, besides=row.id) if row.dwelling else []


def namesakes(row: Household) -> list[Household]:
    """Households of the same name behind another door: perhaps this one, entered twice."""
    if not row.name:
        return []
    asked = select(Household).where(
        Household.operation_id == row.operation_id,
        Household.merged_into.is_(None),
        Household.id.not_in([row.id, *(other.id for other in same_door(row))]),
        Household.search.contains(f" {folded(row.name)} ", autoescape=True),
    )
    return [other for other in db.session.scalars(asked.order_by(Household.reference)) if _same_name(row, other)]


def _same_name(row: Household, other: Household) -> bool:
    return folded(row.name) == folded(other.name)


def counted(row: Household, besides: str = "") -> list[Dossier]:
    """The dossiers of a household that count as its diagnosis: handed on at least once, and not annulled."""
    handed_on = select(AnswerSet.dossier_id).where(AnswerSet.state == HANDED_ON)
    asked = select(Dossier).where(Dossier.household_id == row.id, Dossier.id.in_(handed_on), Dossier.id != besides)
    return [one for one in db.session.scalars(asked.where(Dossier.void_at.is_(None))) if is_diagnosis(one)]


def is_diagnosis(row: Dossier) -> bool:
    """Whether the status of the household follows from this dossier as from a diagnosis: its procedure does not say
    otherwise (`leads_to`).
    """
    return "leads_to" not in version(row.procedure).settings


def state_when_opened(row: Dossier) -> str:
    """What the status of the household was when this dossier was opened."""
    told = [fact for fact in facts(f"household:{row.household_id}") if fact.kind == "HouseholdStateSet"]
    return next((fact.data["state"] for fact in reversed(told) if fact.at <= row.opened_at), "to_contact")


def state_before_survey(row: Household) -> str:
    """What a household's status was before a diagnosis moved it."""
    told = [fact.data["state"] for fact in facts(f"household:{row.id}") if fact.kind == "HouseholdStateSet"]
    return next((state for state in reversed(told) if state not in BY_DIAGNOSIS), "to_contact")


BY_DIAGNOSIS = frozenset(("surveyed", "searching"))
"""Household statuses that follow from a diagnosis."""


def traces(row: Household) -> list[Fact]:
    """What was mended on a household, newest first."""
    return [fact for fact in facts(f"household:{row.id}") if fact.kind in TRACES][::-1]


def brought_from(row: Dossier) -> Fact | None:
    """The move that brought a dossier to its household; None when it was opened there, or came back."""
    told = [
        fact
        for fact in (facts(f"household:{row.household_id}") if row.household_id else ())
        if fact.kind in ("DossierMovedHere", "DossierMovedAway") and fact.data.get("dossier") == row.id
    ]
    return told[-1] if told and told[-1].kind == "DossierMovedHere" and not told[-1].data.get("back") else None

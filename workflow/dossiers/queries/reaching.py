"""How somebody can be reached, by mail or only on paper; and whom a household may call."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.approvals.queries.personal_links import comes_back
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.addressees import officer_of
from workflow.dossiers.rules import DAILY, MAIL, PAPER
from workflow.people import queries as people
from workflow.people.models import Organisation, Person

__all__ = ["Contact", "channel_of_household", "channel_of_person", "comes_back", "whom_to_call"]


def channel_of_person(who: Person | None) -> str:
    """As the person prefers; on paper when they have no address, or mails to it come back."""
    if who is None or not who.email or comes_back(who.email):
        return PAPER
    return DAILY if who.mails == "daily" else MAIL


def channel_of_household(row: Household) -> str:
    return MAIL if row.email and not comes_back(row.email) else PAPER


@dataclass(frozen=True)
class Contact:
    """Whom a household calls: its referent, else whoever carries its dossier. phone: their own, or their office's."""

    name: str
    phone: str
    organisation: str
    address: str


def whom_to_call(row: Dossier) -> Contact:
    who = people.person(row.about.referent) or people.person(officer_of(row))
    if who is None:
        return Contact("", "", "", "")
    held = (grant for grant in people.grants_of(who.id) if grant.operation == row.operation_id and grant.organisation)
    grant = next(held, None)
    office = db.session.get(Organisation, grant.organisation) if grant else None
    if office is None:
        return Contact(who.name, who.phone or "", "", "")
    return Contact(who.name, who.phone or office.phone, office.name, office.address)

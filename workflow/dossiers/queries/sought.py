"""Which dossiers some words speak of, for lists of what is under way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select

from workflow import access
from workflow.access import Identity
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.rules import terms


def sought(words: str, identity: Identity) -> Select[Any]:
    """Each word is found in the reference, or in the name and address of the household where this reader may read them:
    the same as `sentences` says.
    """
    subject = literal("dossier:") + Dossier.id
    asked = select(subject).join(Household, Household.id == Dossier.household_id)
    named = [one for one in sorted(identity.operations) if access.may_read_names(identity, one)]
    for word in terms(words):
        asked = asked.where(
            or_(
                func.lower(Dossier.reference).contains(word, autoescape=True),
                func.lower(Household.reference).contains(word, autoescape=True),
                and_(Household.operation_id.in_(named), Household.search.contains(word, autoescape=True)),
            )
        )
    return asked

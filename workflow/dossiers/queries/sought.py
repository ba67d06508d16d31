"""Which dossiers some words speak of, for lists of what is under way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, true

from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.whom import called
from workflow.dossiers.rules import folded, terms


def sought(words: str, identity: Identity) -> Select[Any]:
    """Each word is found in the reference, or in the name and address of the household where this reader may read them;
    of a dossier of a whole operation, in what it is called: the same as `sentences` says.
    """
    subject = literal("dossier:") + Dossier.id
    asked = select(subject).join(Household, Household.id == Dossier.household_id, isouter=True)
    named = [one for one in sorted(identity.operations) if access.may_read_names(identity, one)]
    found = (_says(word, named) for word in terms(words))
    return asked.where(or_(and_(true(), *found), Dossier.id.in_(_called_so(words, identity))))


def _says(word: str, named: list[str]) -> Any:
    return or_(
        func.lower(Dossier.reference).contains(word, autoescape=True),
        func.lower(Household.reference).contains(word, autoescape=True),
        and_(Household.operation_id.in_(named), Household.search.contains(word, autoescape=True)),
    )


def _called_so(words: str, identity: Identity) -> list[str]:
    """Ids of dossiers of whole operations; an operation has few of them."""
    rows = db.session.scalars(select(Dossier).where(Dossier.household_id.is_(None)))
    names = called(rows, identity.lang)
    return [subject.removeprefix("dossier:") for subject, name in names.items() if _is_in(words, name)]


def _is_in(words: str, name: str) -> bool:
    return all(term in folded(name) for term in terms(words))

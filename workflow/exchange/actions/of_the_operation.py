"""Part of the demonstration: the charter of the operation, under way, played through the real actions."""

from __future__ import annotations

from typing import Any

from workflow import clock
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers import queries as files
from workflow.exchange.rules.invented.charter import charter
from workflow.people import queries as who
from workflow.people.models import Person

HANDS = ("nadia-ferhat", "monique-tallard", "nadia-ferhat")
"""Who hands each page on."""


def charters(operation: str) -> None:
    """One charter, written as far as its articles: the tenants are asked next."""
    published = current("charte", operation)
    if published is None:
        raise LookupError("charte")
    row, _new = dossiers.begin_for_operation(_identity(HANDS[0]), operation, published)
    said: dict[str, Any] = {}
    for by, page in zip(HANDS, charter(clock.today()), strict=True):
        said |= page
        dossiers.write_answers(_identity(by), row.reference, said)
        known = files.file(_identity(by), row.reference).known
        dossiers.submit(_identity(by), row.reference, known.course.version)


def _identity(person: str) -> Any:
    return who.identity_of_person(db.session.get_one(Person, person))

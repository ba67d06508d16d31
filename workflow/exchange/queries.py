"""Read what an import stands on: the run and its file, and what the operation knows already."""

from __future__ import annotations

import json
import zlib
from typing import Any

from sqlalchemy import select

from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.rules import STATES, folded
from workflow.errors import NotFound
from workflow.exchange.models import ImportMapping, ImportRun
from workflow.exchange.rules.importing.sheet import Book, unpacked
from workflow.exchange.rules.importing.understanding import COMPARED
from workflow.exchange.rules.importing.words import STATES_AS_WRITTEN
from workflow.exchange.rules.importing.world import Known, Place, World
from workflow.operations import queries as operations
from workflow.outbox import FAILED, Outbox
from workflow.people import queries as people
from workflow.people.models import Person
from workflow.record.queries import key_of
from workflow.storage import unseal

JOB = "exchange.import_households"
OPEN = ("read", "checked")
"""States in which a run still waits for its person."""


def run(identity: Identity, operation: str, run_id: str) -> ImportRun:
    """A run of that operation. Until it has begun it is nobody's but its maker's. NotFound otherwise."""
    row = db.session.scalar(select(ImportRun).where(ImportRun.id == run_id, ImportRun.operation_id == operation))
    if row is None or (row.state in OPEN and row.made_by != identity.person) or row.state == "dropped":
        raise NotFound()
    return row


def runs(operation: str, count: int = 20) -> list[ImportRun]:
    """The latest files of an operation that were not dropped."""
    asked = select(ImportRun).where(ImportRun.operation_id == operation, ImportRun.state != "dropped")
    return list(db.session.scalars(asked.order_by(ImportRun.made_at.desc()).limit(count)))


def subject(row: ImportRun) -> str:
    return f"import:{row.id}"


def book(row: ImportRun) -> Book:
    """What the file of a run holds. NotFound once it was erased."""
    key = key_of(subject(row))
    if key is None or row.sealed is None:
        raise NotFound()
    return unpacked(json.loads(zlib.decompress(unseal(key, row.sealed, subject(row)))))


def remembered(operation: str, signature: str) -> dict[str, str] | None:
    """How columns of that shape were understood last time: {letters: field}."""
    row = db.session.get(ImportMapping, (operation, signature))
    return dict(row.mapping) if row else None


def gave_up(row: ImportRun) -> bool:
    """Whether the work on a run has failed for good: the operator is told, and nothing was written."""
    asked = select(Outbox.id).where(Outbox.key == f"{JOB}:{row.id}", Outbox.state == FAILED)
    return row.state == "running" and db.session.scalar(asked) is not None


# -- what the operation knows -------------------------------------------------------------------------------------


def world(operation: str) -> World:
    """Everything a row of a file is compared with."""
    places = tuple(
        Place(row.id, (row.name, row.slug, row.address), row.address, row.landlord, row.zone)
        for row in operations.buildings(operation)
    )
    landlords = _landlords(operation)
    zones = operations.zones(operation)
    following = _following(operation)
    return World(
        places,
        {folded(word): slug for slug, name in landlords.items() for word in (name, slug)},
        {folded(word): slug for slug, told in zones.items() for word in (slug, *told.values())},
        {
            folded(word): row.id
            for row in following
            for word in (row.email or "", row.name, _reversed(row.name))
            if word
        },
        {folded(word): state for state in STATES if state != "purged" for word in (state, *STATES_AS_WRITTEN[state])},
        _known(operation),
        landlord=next(iter(landlords)) if len(landlords) == 1 else "",
        named={
            "building_id": {place.id: place.names[0] for place in places},
            "landlord": landlords,
            "zone": {slug: told.get("fr", slug) for slug, told in zones.items()},
            "referent": {row.id: row.name for row in following},
        },
    )


def _landlords(operation: str) -> dict[str, str]:
    """Landlords among the partners, those of today's buildings first: {slug: name}."""
    known = people.organisation_rows()
    partners = sorted(operations.partners(operation), key=lambda row: row.part != "origin")
    origin = [row.organisation for row in partners if row.part == "origin"]
    slugs = [row.organisation for row in partners if known[row.organisation].kind == "landlord"]
    slugs += [row.landlord for row in operations.buildings(operation)]
    return {slug: known[slug].name for slug in dict.fromkeys((*origin, *slugs)) if slug in known}


def _following(operation: str) -> list[Person]:
    roles = [name for name, role in access.ROLES.items() if role.fill]
    found = {holder.person_id for holder in people.holders(operation, roles=roles)}
    return list(db.session.scalars(select(Person).where(Person.id.in_(found)).order_by(Person.name)))


def _reversed(name: str) -> str:
    """ "Claire Maurin" → "Maurin Claire": lists often begin with the family name."""
    first, _, last = name.partition(" ")
    return f"{last} {first}".strip()


def _known(operation: str) -> tuple[Known, ...]:
    """Every household, whoever asks: two must not become three because the reader may not see one of them."""
    columns = [getattr(Household, name) for name in COMPARED]
    asked = select(Household.id, Household.reference, Household.merged_into, Household.version, *columns)
    rows = db.session.execute(asked.where(Household.operation_id == operation)).all()
    references = {row.id: row.reference for row in rows}
    return tuple(
        Known(
            row.merged_into or row.id,
            references.get(row.merged_into or row.id, row.reference),
            _told(row),
            merged=row.merged_into is not None,
        )
        for row in rows
    )


def _told(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COMPARED}

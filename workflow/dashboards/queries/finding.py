"""Find whatever a reader may see: each kind is asked where its scope and lens are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers import queries as dossiers
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries import Search, of_operation
from workflow.dossiers.queries.whom import called
from workflow.dossiers.rules import terms
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.queries import shelves
from workflow.filing.queries.shelves import Line, Place, Wanted
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web.journals import opened_lately

MOST = 8  # of each kind, before the list itself is the better place
LATELY = 10


@dataclass(frozen=True)
class Hit:
    """One thing found. ref: what its address needs; label: "" for a household whose name is not for this reader."""

    kind: str
    ref: str
    label: str = ""
    sub: str = ""
    place: str = ""
    reference: str = ""
    page: Place | None = None  # of a paper: each kind has its own


@dataclass
class Hits:
    """The first of a kind, and how many there are."""

    shown: list[Hit] = field(default_factory=list)
    total: int = 0


def found(identity: Identity, words: str) -> dict[str, Hits]:
    """{kind: hits}; every word must be in it, whatever its accents and case."""
    return {
        "household": _households(identity, words),
        "dossier": _of_operations(identity, words),
        "paper": _papers(identity, words),
        "person": _persons(identity, words),
        "organisation": _organisations(identity, words),
        "operation": _operations(identity, words),
    }


def exactly(identity: Identity, words: str) -> Hit | None:
    """The one thing whose reference was typed, when it is a reference."""
    return _dossier(identity, words) or _paper(identity, words) or _household(identity, words)


def recent(identity: Identity) -> list[Hit]:
    """What this person opened last and may still see."""
    again: dict[str, Callable[[Identity, str], Hit | None]] = {
        "household": _household_again,
        "dossier": _dossier,
        "person": _person_again,
    }
    rows = opened_lately(identity.person, LATELY)
    hits = (again[kind](identity, ref) for kind, ref in rows if kind in again)
    return [hit for hit in hits if hit]


# -- households, dossiers, papers ---------------------------------------------------------------------------------


def _households(identity: Identity, words: str) -> Hits:
    hits = Hits()
    if not access.may_come("dossiers.households", identity):
        return hits
    for operation in sorted(identity.operations):
        page = dossiers.households(identity, operation, Search(words=words))
        hits.total += page.total
        hits.shown += [_of_household(identity, row) for row in page.rows[: MOST - len(hits.shown)]]
    return hits


def _of_household(identity: Identity, row: Household) -> Hit:
    named = access.may_read_names(identity, row.operation_id)
    where = ", ".join(filter(None, (row.dwelling, row.address))) if named else row.dwelling_type
    sub = " · ".join(filter(None, (row.reference, where))) if named and row.name else where
    return Hit("household", row.id, row.name if named else "", sub, _place(identity, row.operation_id), row.reference)


def _household(identity: Identity, words: str) -> Hit | None:
    row = db.session.scalar(select(Household).where(Household.reference == words.strip().upper()))
    return _household_again(identity, row.merged_into or row.id) if row else None


def _household_again(identity: Identity, ref: str) -> Hit | None:
    try:
        return _of_household(identity, dossiers.household(identity, ref))
    except NotFound:
        return None


def _dossier(identity: Identity, words: str) -> Hit | None:
    if not access.may_come("dossiers.dossier", identity):
        return None
    try:
        row: Dossier = dossiers.dossier(identity, words.strip().upper())
    except NotFound:
        return None
    known = _of_household(identity, row.household).label if row.household else called([row], identity.lang)[row.subject]
    label = " · ".join(filter(None, (row.reference, known)))
    return Hit("dossier", row.reference, label, "", _place(identity, row.operation_id), row.reference)


def _of_operations(identity: Identity, words: str) -> Hits:
    """The dossier of that reference, or those of whole operations that are called so."""
    exact = _dossier(identity, words)
    if exact or not access.may_come("dossiers.of_operation", identity):
        return _one(exact)
    rows = [row for operation in sorted(identity.operations) for row in of_operation.dossiers(identity, operation)]
    names = called(rows, identity.lang)
    found = [row for row in rows if _says(words, names[row.subject])]
    hits = [hit for row in found[:MOST] if (hit := _dossier(identity, row.reference))]
    return Hits(hits, len(found))


def _paper(identity: Identity, words: str) -> Hit | None:
    """The paper of that reference, where this reader may have it."""
    row = filing.by_reference(words.strip().upper())
    if row is None or row.operation_id not in identity.operations:
        return None
    found = shelves.on_shelves(identity, Wanted(row.operation_id, only=frozenset((row.id,))))
    return _of_paper(identity, found[0], row.operation_id) if len(found) else None


def _papers(identity: Identity, words: str) -> Hits:
    hits, wanted = Hits(), tuple(terms(words))
    if not access.may_come("filing.papers", identity) or not wanted:
        return hits
    for operation in sorted(identity.operations):
        found = shelves.on_shelves(identity, Wanted(operation, words=wanted))
        hits.total += len(found)
        hits.shown += [_of_paper(identity, line, operation) for line in found[: MOST - len(hits.shown)]]
    return hits


def _of_paper(identity: Identity, line: Line, operation: str) -> Hit:
    sub = " · ".join(filter(None, (line.reference, line.about)))
    return Hit("paper", line.id, line.title, sub, _place(identity, operation), line.reference, line.page)


def _place(identity: Identity, operation: str) -> str:
    """Said only to who works in several operations."""
    row = operations.operation(operation) if len(identity.operations) > 1 else None
    return row.name if row else ""


# -- people, organisations, operations ----------------------------------------------------------------------------


def _persons(identity: Identity, words: str) -> Hits:
    if not access.may_come("people.person", identity):
        return Hits()
    rows = [row for row in people.persons_seen_by(identity) if _says(words, row.name, row.email)]
    shown = [Hit("person", row.id, row.name, row.email or row.phone or "") for row in rows[:MOST]]
    return Hits(shown, len(rows))


def _person_again(identity: Identity, ref: str) -> Hit | None:
    row = people.person(ref)
    if row is None or not access.may_come("people.person", identity) or not people.sees(identity, ref):
        return None
    return Hit("person", row.id, row.name, row.email or "")


def _organisations(identity: Identity, words: str) -> Hits:
    if not access.may_come("people.organisation", identity):
        return Hits()
    rows = [row for row in people.organisations() if _says(words, row.name, row.city)]
    return Hits([Hit("organisation", row.slug, row.name, row.city) for row in rows[:MOST]], len(rows))


def _operations(identity: Identity, words: str) -> Hits:
    rows = [row for row in operations.operations(identity.operations) if _says(words, row.name, row.city)]
    return Hits([Hit("operation", row.id, row.name, row.city) for row in rows[:MOST]], len(rows))


def _says(words: str, *texts: str | None) -> bool:
    whole = " ".join(terms(" ".join(text or "" for text in texts), most=None))
    return all(term in whole for term in terms(words))


def _one(hit: Hit | None) -> Hits:
    return Hits([hit], 1) if hit else Hits()

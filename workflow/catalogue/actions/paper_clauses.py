"""A clause is worded otherwise: every model that calls for it gets a new version, once somebody has agreed to that."""

from __future__ import annotations

import re
from collections.abc import Collection

from documents.values import MOST_TEXT
from workflow import clock
from workflow.access import Identity
from workflow.catalogue.actions.paper_models import rebuilt
from workflow.catalogue.actions.proposing import LONGEST_NOTE, may_publish
from workflow.catalogue.models import PaperClause, PaperVersion
from workflow.catalogue.queries.paper_drafts import clause, concerned
from workflow.catalogue.queries.paper_models import clauses_of
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}(\.[a-z0-9][a-z0-9-]{0,59})?")
MOST_WORDS = MOST_TEXT // 20


def save_clause(identity: Identity, name: str, operation: str, text: str, seen: int) -> PaperClause:
    """Keep other words of a clause; nothing is published. seen: the version that was shown, 0 where there was none.

    name: "duree", or "duree.pluralis" for the households of that landlord; a bare name no place knows begins a new one.
    Raises Moved when somebody else saved meanwhile.
    """
    may_publish(identity, operation)
    row = _held(name, operation, seen)
    if not text.strip():
        raise Refused("no_words", "Write the words of the clause.")
    if len(text) > MOST_WORDS:
        raise Refused("too_long", "The clause is too long.")
    row.pending = None if text == clauses_of(operation).get(name) else text
    return _touched(row, identity)


def discard_clause(identity: Identity, name: str, operation: str, seen: int) -> None:
    """Forget the words that wait; those in use stay."""
    may_publish(identity, operation)
    row = _held(name, operation, seen)
    if row.text is None:
        if row.version:
            db.session.delete(row)
        return
    row.pending = None
    _touched(row, identity)


def publish_clause(
    identity: Identity, name: str, operation: str, seen: int, *, agreed: Collection[str], note: str = ""
) -> list[PaperVersion]:
    """Put the words that wait into use: the models that call for the clause get a new version there, an operation's own
    one where it used the common one until now.

    agreed: slugs of the models that were listed before; Moved when they are others now.
    """
    may_publish(identity, operation)
    row = _held(name, operation, seen)
    if row.pending is None:
        raise Refused("nothing_waits", "Nothing waits to be published.")
    slugs = [one.slug for one in concerned(name, operation)]
    if set(slugs) != set(agreed):
        raise Moved("Other models use this clause now. Look at the list again.")
    row.text, row.pending = row.pending, None
    _touched(row, identity)
    return _spread(identity, row, slugs, note)


def drop_clause(identity: Identity, name: str, operation: str, seen: int) -> list[PaperVersion]:
    """The operation gives up its own words, or a landlord's: those for everybody are used again."""
    may_publish(identity, operation)
    row = _held(name, operation, seen)
    if row.text is None or not (operation or "." in name):
        raise NotFound()
    slugs = [one.slug for one in concerned(name, operation)]
    db.session.delete(row)
    db.session.flush()
    return _spread(identity, row, slugs, "")


def _spread(identity: Identity, row: PaperClause, slugs: list[str], note: str) -> list[PaperVersion]:
    chain = chain_of(row.operation) if row.operation else HOUSE
    record.note(chain, f"paper-clause:{row.name}", "PaperClauseChanged", {"person": identity.person})
    said = note.strip()[:LONGEST_NOTE]
    made = (rebuilt(slug, row.operation, identity.person, said) for slug in slugs)
    return [one for one in made if one is not None]


def _held(name: str, operation: str, seen: int) -> PaperClause:
    """The row, held until the end of the transaction; a new one where the place has no words of its own yet."""
    if not NAME.fullmatch(name):
        raise NotFound()
    row = db.session.get(PaperClause, (name, operation), with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != seen:
        raise Moved("Somebody else changed this clause meanwhile.")
    if row is None and "." in name:
        clause(name.partition(".")[0], operation)  # raises NotFound: words for one landlord stand beside those for all
    return row or PaperClause(name=name, operation=operation, text=None, pending=None, shipped="", version=0)


def _touched(row: PaperClause, identity: Identity) -> PaperClause:
    row.version, row.changed_by, row.changed_at = row.version + 1, identity.person, clock.now()
    db.session.add(row)
    db.session.flush()
    return row

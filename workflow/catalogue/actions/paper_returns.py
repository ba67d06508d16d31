"""A Word file that came back from a partner: kept while somebody chooses, then made a draft of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from documents.values import MOST_TEXT
from workflow import clock
from workflow.access import Identity
from workflow.catalogue.actions.paper_clauses import save_clause
from workflow.catalogue.actions.paper_drafts import save_draft
from workflow.catalogue.actions.proposing import may_publish
from workflow.catalogue.models import PaperReturn
from workflow.catalogue.queries.paper_drafts import clause
from workflow.catalogue.queries.paper_returns import (
    EDIT,
    IN_CLAUSE,
    IN_MODEL,
    KEEP,
    THEIRS,
    can_be_taken,
    outcome,
    to_choose,
)
from workflow.db import db, new_id
from workflow.errors import Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of


@dataclass(frozen=True)
class Came:
    """A file, who sent it, and what it was laid beside. told: how the paper was written; read: what the engine says."""

    word: bytes
    file_name: str
    partner: str
    received_on: date
    model: str
    told: Mapping[str, Any]
    read: Mapping[str, Any]
    reference: str = ""
    case: str = ""


def keep_return(identity: Identity, slug: str, operation: str, came: Came) -> PaperReturn:
    """Keep the comparison. The same file sent again for the same model opens the one that is there."""
    may_publish(identity, operation)
    mark, now = sha256(came.word).hexdigest(), clock.now()
    asked = select(PaperReturn).where(PaperReturn.slug == slug, PaperReturn.operation == operation)
    asked = asked.where(PaperReturn.sha256 == mark, PaperReturn.model == came.model, PaperReturn.case == came.case)
    known = db.session.scalar(asked)
    if known is not None:
        return known
    row = PaperReturn(
        id=new_id(),
        slug=slug,
        operation=operation,
        model=came.model,
        reference=came.reference,
        case=came.case,
        partner=came.partner,
        received_on=came.received_on,
        file_name=came.file_name[-200:],
        sha256=mark,
        told=dict(came.told),
        lines=list(came.read["lines"]),
        articles=list(came.read["articles"]),
        choices={},
        version=1,
        made_by=identity.person,
        made_at=now,
        changed_by=identity.person,
        changed_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _note(row, identity, "PaperReturned")
    return row


def choose(identity: Identity, row: PaperReturn, seen: int, choices: Mapping[str, Mapping[str, Any]]) -> None:
    """What becomes of articles: {number: {do, where, texts}}; those left out stay as they were chosen before.

    Raises Moved when somebody else chose meanwhile, Refused for a choice the article does not offer.
    """
    held = _held(identity, row, seen)
    open_ones = {str(at) for at in to_choose(held.articles)}
    told = {at: _checked(held.articles[int(at)], choice) for at, choice in choices.items() if at in open_ones}
    if held.choices | told != held.choices:
        held.choices = held.choices | told
        held.version, held.changed_by, held.changed_at = held.version + 1, identity.person, clock.now()
        db.session.flush()


def _checked(article: Mapping[str, Any], choice: Mapping[str, Any]) -> dict[str, Any]:
    do, texts = str(choice.get("do")), [str(one) for one in choice.get("texts", ())]
    offered = {KEEP} | ({THEIRS} if can_be_taken(article) else set()) | ({EDIT} if article["replaced"] else set())
    if do not in offered:
        raise Refused("not_offered", "This cannot be chosen for the article “%(title)s”.", title=article["title"])
    if sum(map(len, texts)) > MOST_TEXT:
        raise Refused("too_long", "The model is too long.")
    where = IN_CLAUSE if choice.get("where") == IN_CLAUSE else IN_MODEL
    return {"do": do, "where": where, "texts": texts if do == EDIT else []}


def make_draft(identity: Identity, row: PaperReturn, seen: int, drafted: int, *, note: str) -> None:
    """The model as it was chosen becomes its draft, changed clauses wait beside it, and the comparison is done with.

    drafted: version of the draft that was shown, 0 where there was none; note: where the draft comes from. Raises Moved
    when it is another one now, Refused when nothing changes or the place of a change is not found any more.
    """
    held = _held(identity, row, seen)
    made = outcome(held)
    if made.lost:
        titles = ", ".join(made.lost)
        raise Refused("no_place", "The model was changed since. No place was found for: %(titles)s.", titles=titles)
    if not made.changes:
        raise Refused("nothing_taken", "Nothing of theirs was taken over: the model stays as it is.")
    if made.text != made.found.text:
        save_draft(identity, held.slug, held.operation, made.text, drafted, note=note)
    for name, text in made.clauses.items():
        save_clause(identity, name, held.operation, text, clause(name, held.operation).version)
    _note(held, identity, "PaperReturnTaken")
    db.session.delete(held)
    db.session.flush()


def forget_return(identity: Identity, row: PaperReturn) -> None:
    """Throw the comparison away; the model stays as it is."""
    may_publish(identity, row.operation)
    _note(row, identity, "PaperReturnForgotten")
    db.session.delete(row)
    db.session.flush()


def _held(identity: Identity, row: PaperReturn, seen: int) -> PaperReturn:
    """The row, held until the end of the transaction."""
    may_publish(identity, row.operation)
    held = db.session.get(PaperReturn, row.id, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFound()
    if held.version != seen:
        raise Moved("Somebody else chose something here meanwhile.")
    return held


def _note(row: PaperReturn, identity: Identity, kind: str) -> None:
    chain = chain_of(row.operation) if row.operation else HOUSE
    record.note(chain, f"paper-model:{row.slug}", kind, {"person": identity.person})

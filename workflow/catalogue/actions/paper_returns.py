"""A Word file that came back from a partner: kept while somebody chooses, then made a draft of the model."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from documents.values import MOST_TEXT
from workflow import clock, outbox
from workflow.access import Identity
from workflow.catalogue.actions.paper_clauses import save_clause
from workflow.catalogue.actions.paper_drafts import save_draft
from workflow.catalogue.actions.proposing import may_publish
from workflow.catalogue.models import RETURN, PaperReturn
from workflow.catalogue.queries.paper_drafts import clause
from workflow.catalogue.queries.paper_returns import (
    EDIT,
    IN_CLAUSE,
    IN_MODEL,
    KEEP,
    KEPT_FOR,
    THEIRS,
    Comparison,
    can_be_taken,
    choices_of,
    opened,
    outcome,
    to_choose,
)
from workflow.db import db, new_id
from workflow.errors import Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of
from workflow.storage import seal

FORGET = "catalogue.forget_return"


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
    """Keep the comparison, for a time. The same file sent again for the same model opens the one that is there."""
    may_publish(identity, operation)
    mark, now = sha256(came.word).hexdigest(), clock.now()
    asked = select(PaperReturn).where(PaperReturn.slug == slug, PaperReturn.operation == operation)
    asked = asked.where(
        PaperReturn.sha256 == mark,
        PaperReturn.model == came.model,
        PaperReturn.case == came.case,
        PaperReturn.sealed.is_not(None),
    )
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
        version=1,
        made_by=identity.person,
        made_at=now,
        changed_by=identity.person,
        changed_at=now,
    )
    said = {"told": dict(came.told), "lines": came.read["lines"], "articles": came.read["articles"]}
    row.sealed = seal(record.key_for(row.subject), zlib.compress(_json(said), 3), row.subject)
    db.session.add(row)
    db.session.flush()
    outbox.add(FORGET, subject=row.subject, key=f"{FORGET}:{row.id}", after=KEPT_FOR)
    _note(row, identity, "PaperReturned")
    return row


def _json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def choose(identity: Identity, row: PaperReturn, seen: int, choices: Mapping[str, Mapping[str, Any]]) -> None:
    """What becomes of articles: {number: {do, where, texts}}; those left out stay as they were chosen before.

    Raises Moved when somebody else chose meanwhile, Refused for a choice the article does not offer.
    """
    held = _held(identity, row, seen)
    row = held.row
    open_ones = {str(at) for at in to_choose(held.articles)}
    told = {at: _checked(held.articles[int(at)], choice) for at, choice in choices.items() if at in open_ones}
    chosen = {**held.choices, **told}
    if chosen != held.choices:
        row.chosen = seal(record.key_for(row.subject), _json(chosen), choices_of(row))
        row.version, row.changed_by, row.changed_at = row.version + 1, identity.person, clock.now()
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
    row, made = held.row, outcome(held)
    if made.lost:
        titles = ", ".join(made.lost)
        raise Refused("no_place", "The model was changed since. No place was found for: %(titles)s.", titles=titles)
    if not made.changes:
        raise Refused("nothing_taken", "Nothing of theirs was taken over: the model stays as it is.")
    if made.text != made.found.text:
        save_draft(identity, row.slug, row.operation, made.text, drafted, note=note)
    for name, text in made.clauses.items():
        save_clause(identity, name, row.operation, text, clause(name, row.operation).version)
    _note(row, identity, "PaperReturnTaken")
    _drop(row)


def forget_return(identity: Identity, row: PaperReturn) -> None:
    """Throw the comparison away; the model stays as it is."""
    may_publish(identity, row.operation)
    _note(row, identity, "PaperReturnForgotten")
    _drop(row)


def _drop(row: PaperReturn) -> None:
    record.forget(row.subject)
    db.session.delete(row)
    db.session.flush()


def forget_expired(lease: outbox.Lease) -> None:
    """What nobody was done with in time is erased. Its row stays, so that the page can say so."""
    with lease.finish():
        row = db.session.get(PaperReturn, lease.subject.removeprefix(RETURN), with_for_update=True)
        if row is not None and row.sealed is not None:
            row.sealed, row.chosen = None, None
            record.forget(row.subject)


def _held(identity: Identity, row: PaperReturn, seen: int) -> Comparison:
    """It, held until the end of the transaction."""
    may_publish(identity, row.operation)
    held = db.session.get(PaperReturn, row.id, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFound()
    if held.version != seen:
        raise Moved("Somebody else chose something here meanwhile.")
    return opened(held)


def _note(row: PaperReturn, identity: Identity, kind: str) -> None:
    chain = chain_of(row.operation) if row.operation else HOUSE
    record.note(chain, f"paper-model:{row.slug}", kind, {"person": identity.person})

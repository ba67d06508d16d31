"""Begin a draft from a model of the operation, say what is discussed and until when, invite, open."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete

from documents import model as models
from documents.findings import ModelRefused
from workflow import clock, outbox
from workflow.access import Identity
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.charter.models import PREPARING, RUNNING, Consultation, Edition, Invited, Passage
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import invited_to, may_draft
from workflow.charter.rules.text import Part, fingerprint, parts_of
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused
from workflow.operations.models import Operation
from workflow.record import actions as record
from workflow.record.models import chain_of

ANNOUNCE = "charter.announce"
_SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"


@dataclass(frozen=True)
class Frame:
    """What is said before anybody contributes."""

    title: str
    objective: str
    limits: str
    moderation: str
    opens: date | None
    closes: date | None
    public: bool
    organisations: Sequence[str]


def begin(identity: Identity, place: Operation, model: PaperModelInUse, asked: Mapping[str, Any]) -> Consultation:
    """A draft with the articles of a model, filled with what is known of the operation and what was asked.

    Raises NotFound (not theirs), Refused (a model without articles, or one that cannot be written).
    """
    if not may_draft(identity, place.id):
        raise NotFound()
    parts = written(place, model, asked)
    row = Consultation(
        id=new_id(),
        operation_id=place.id,
        reference="".join(secrets.choice(_SIGNS) for _sign in range(8)),
        title=model.title[:200],
        model=model.slug,
        model_hash=model.hash,
        state=PREPARING,
        made_by=identity.person,
        made_at=clock.now(),
    )
    db.session.add(row)
    add_edition(row, 1, parts)
    note(row, "DraftBegun", identity.person, model=model.hash)
    return row


def written(place: Operation, model: PaperModelInUse, asked: Mapping[str, Any]) -> list[Part]:
    """The articles of a model in the words of this operation. Raises Refused."""
    day = clock.today(place.zone)
    around = drafts.around(place.id)
    data = {**around, "date": day.isoformat(), "asked": dict(asked), "lang": "fr", "audience": "public"}
    try:
        loaded = models.load(model.text, model.library)
        said = models.render(loaded, data, lang="fr", reference="", date=day, verify_url=None, issuer="")
    except ModelRefused as refused:
        raise Refused("model", "This model cannot be written: look at it in the list of models first.") from refused
    found = parts_of(said.document.blocks)
    if not any(one.numbered for one in found):
        raise Refused("no_article", "This model has no articles: nobody could comment on them one by one.")
    return found


def add_edition(row: Consultation, number: int, parts: Sequence[Part]) -> Edition:
    made = Edition(
        id=new_id(), operation_id=row.operation_id, consultation_id=row.id, number=number, made_at=clock.now()
    )
    db.session.add(made)
    for rank, one in enumerate(parts, start=1):
        told = {"key": one.key, "numbered": one.numbered, "title": one.title, "words": one.words}
        db.session.add(Passage(id=new_id(), operation_id=row.operation_id, edition_id=made.id, rank=10 * rank, **told))
    db.session.flush()
    return made


def frame(identity: Identity, row: Consultation, seen: int, told: Frame) -> None:
    """Say what is discussed, what is not, between which days, by whom. Once it is open, only the end may move later and
    more organisations be invited. Raises Moved, Invalid, Refused.
    """
    row = _held(identity, row, seen)
    if row.state != PREPARING:
        _still(row, told)
    if told.opens and told.closes and told.closes < told.opens:
        raise Invalid([FieldError("closes", "The last day comes before the first one.")])
    row.title, row.objective, row.limits, row.moderation = told.title, told.objective, told.limits, told.moderation
    row.opens, row.closes, row.public = told.opens, told.closes, told.public
    _invite(row, told.organisations)
    row.version += 1
    note(row, "DraftFramed", identity.person, invited=sorted(told.organisations))


def _still(row: Consultation, told: Frame) -> None:
    """What people already answer to is not changed under their feet."""
    if (told.objective, told.limits, told.opens) != (row.objective, row.limits, row.opens):
        raise Refused("open_already", "People contribute already: what is discussed and since when stays as it is.")
    if told.closes is None or (row.closes and told.closes < row.closes):
        raise Invalid([FieldError("closes", "People were told they have until that day: it can only move later.")])
    if set(invited_to(row.id)) - set(told.organisations):
        raise Refused("open_already", "An organisation that was invited stays invited.")


def _invite(row: Consultation, organisations: Sequence[str]) -> None:
    db.session.execute(delete(Invited).where(Invited.consultation_id == row.id))
    for slug in dict.fromkeys(organisations):
        told = {"operation_id": row.operation_id, "consultation_id": row.id, "organisation": slug}
        db.session.add(Invited(id=new_id(), **told))
    db.session.flush()


def open_draft(identity: Identity, row: Consultation, seen: int) -> None:
    """From the first day on people contribute. The first version is frozen: everybody speaks of the same words.

    Raises Moved, Refused.
    """
    row = _held(identity, row, seen)
    if row.state == RUNNING:
        raise Refused("open_already", "It is open already.")
    if not (row.objective.strip() and row.limits.strip()):
        raise Refused("no_frame", "Say first what is discussed, and what is not.")
    if row.opens is None or row.closes is None:
        raise Refused("no_days", "Say first from which day to which day people contribute.")
    if row.closes < clock.today(drafts.zone_of(row)):
        raise Refused("over", "The last day is over already: choose a later one.")
    if row.public and not row.moderation.strip():
        raise Refused("no_moderation", "Say first what will not be published: inhabitants must know it beforehand.")
    if not row.public and not invited_to(row.id):
        raise Refused("nobody", "Invite an organisation, or let inhabitants contribute.")
    seal_edition(identity, drafts.edition(row, row.current))
    row.state, row.version = RUNNING, row.version + 1
    note(row, "DraftOpened", identity.person, edition=row.current)
    outbox.add(ANNOUNCE, subject=row.subject, key=f"{ANNOUNCE}:{row.id}:{row.current}:{row.version}")


def seal_edition(identity: Identity, held: Edition) -> None:
    """From then on it never changes."""
    if held.frozen_at is None:
        held.hash = fingerprint(drafts.parts_of(held))
        held.frozen_at, held.frozen_by = clock.now(), identity.person
        db.session.flush()


def _held(identity: Identity, row: Consultation, seen: int) -> Consultation:
    """It, for who holds the pen, locked, as it was shown."""
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    held = drafts.held(row)
    if held.version != seen:
        raise Moved("Somebody changed this draft meanwhile.")
    return held


def note(row: Consultation, kind: str, by: str, **more: Any) -> None:
    """Tell the record: ids, codes and hashes."""
    record.note(chain_of(row.operation_id), row.subject, kind, {"person": by}, **more)

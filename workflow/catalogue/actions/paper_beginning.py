"""A model of a paper is begun from nothing: a draft like any other, of a model that nobody uses yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from workflow import clock
from workflow.access import Identity
from workflow.catalogue.actions.paper_models import freeze
from workflow.catalogue.actions.proposing import may_publish
from workflow.catalogue.models import PaperDraft, PaperFile, PaperModel, PaperVersion
from workflow.catalogue.queries.paper_content import composed
from workflow.catalogue.queries.paper_models import library_of
from workflow.db import db
from workflow.people.rules import slug_from
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of

LONGEST = 40
NEW = "new"  # the address of the page on which one begins


def begin_model(identity: Identity, operation: str, title: str, text: str, example: Mapping[str, Any]) -> PaperModel:
    """The model with its first words as its draft. operation: whose own it is, "" for a common one."""
    may_publish(identity, operation)
    slug = slug_from(title[:LONGEST], _taken)
    made = freeze(composed(slug, operation, text, library_of(operation)), {"": dict(example)}, by=identity.person)
    row = PaperModel(slug=slug, operation=operation, current=made.hash, begun=True)
    draft = PaperDraft(
        slug=slug,
        operation=operation,
        text=text,
        examples=made.examples,
        findings=[],
        note="",
        version=1,
        changed_by=identity.person,
        changed_at=clock.now(),
    )
    db.session.add_all([row, draft])
    db.session.flush()
    chain = chain_of(operation) if operation else HOUSE
    record.note(chain, f"paper-model:{slug}", "PaperModelBegun", {"person": identity.person})
    return row


def _taken(slug: str) -> bool:
    return slug == NEW or db.session.scalar(select(PaperModel.slug).where(PaperModel.slug == slug).limit(1)) is not None


def leave_start_behind(row: PaperModel | None, kept: str = "") -> None:
    """The words it began with were no version anybody used; kept: the hash of the one that is published now."""
    if row is not None and row.begun and row.current != kept:
        db.session.execute(delete(PaperFile).where(PaperFile.holder == row.current))
        db.session.execute(delete(PaperVersion).where(PaperVersion.hash == row.current))

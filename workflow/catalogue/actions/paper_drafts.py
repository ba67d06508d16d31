"""A model of papers is written: saved as a draft as often as one likes, then published, or thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete

from documents.values import MOST_TEXT
from workflow import clock
from workflow.access import Identity
from workflow.catalogue.actions.paper_beginning import leave_start_behind
from workflow.catalogue.actions.paper_models import freeze, put_into_use, rebuilt
from workflow.catalogue.actions.proposing import LONGEST_NOTE, may_publish
from workflow.catalogue.models import PaperDraft, PaperFile, PaperModel, PaperVersion
from workflow.catalogue.queries.paper_drafts import Written, annexing, begun_row, holder, written
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of


def save_draft(
    identity: Identity,
    slug: str,
    operation: str,
    text: str,
    seen: int,
    *,
    examples: Mapping[str, Any] | None = None,
    findings: Sequence[Mapping[str, Any]] | None = None,
    note: str = "",
) -> PaperDraft:
    """Keep the text. operation: whose own model it is to become, "" for the common one; seen: the version of the draft
    that was shown, 0 where there was none; examples ({case: data}) and findings stay as they were where none are
    given; note: where the text comes from.

    Raises Moved when somebody else saved meanwhile, Refused for a text that is far too long.
    """
    may_publish(identity, operation)
    row, known = _held(slug, operation, seen)
    if len(text) > MOST_TEXT:
        raise Refused("too_long", "The model is too long.")
    row.text, row.note = text, note.strip()[:LONGEST_NOTE] or row.note
    row.findings = list(known.findings if findings is None else findings)
    row.examples = dict(known.examples if examples is None else examples)
    row.version, row.changed_by, row.changed_at = row.version + 1, identity.person, clock.now()
    db.session.add(row)
    db.session.flush()
    return row


def discard_draft(identity: Identity, slug: str, operation: str, seen: int) -> None:
    """Throw the draft away; the version in use stays. Of a model that was only begun nothing stays."""
    may_publish(identity, operation)
    row, _known = _held(slug, operation, seen)
    if row.version:
        _drop(row)
    start = begun_row(slug, operation)
    if start is not None:
        leave_start_behind(start)
        db.session.delete(start)
        db.session.flush()


def publish_draft(
    identity: Identity, slug: str, operation: str, seen: int, *, checked: str, note: str = ""
) -> PaperVersion:
    """New papers are written from the draft from now on. Models that annex this one get a new version too.

    checked: hash of the content whose proof was set without a refusal; Moved when the clauses it calls for changed
    since. Raises Refused when nothing changed.
    """
    may_publish(identity, operation)
    row, known = _held(slug, operation, seen)
    if not row.version:
        raise Refused("nothing_waits", "Nothing waits to be published.")
    content = known.content()
    if content.hash != checked:
        raise Moved("Somebody changed what this model calls for meanwhile. Look at it again.")
    said = note.strip()[:LONGEST_NOTE] or row.note
    leave_start_behind(begun_row(slug, operation), content.hash)
    made = freeze(content, known.examples, by=identity.person, note=said)
    put_into_use(made, identity.person)
    _drop(row)
    for one in annexing(slug, operation):
        rebuilt(one.slug, operation, identity.person, said)
    return made


def use_version(identity: Identity, slug: str, operation: str, hash_: str, seen: str) -> PaperVersion:
    """Write new papers from an earlier version again, or take the common one as the operation's own.

    seen: hash of the version in use when the page was shown.
    """
    may_publish(identity, operation)
    row = _locked_row(slug, operation)
    if row is not None and row.begun:
        raise NotFound()
    if (row.current if row else "") != seen:
        raise Moved("Somebody put another version into use meanwhile. Look at what changed, then decide.")
    version = db.session.get(PaperVersion, hash_)
    if version is None or (version.slug, version.operation) != (slug, operation):
        raise NotFound()
    put_into_use(version, identity.person)
    return version


def retire_model(identity: Identity, slug: str, operation: str) -> None:
    """No new paper is written from it: everywhere, or (an operation's own one) the common model is used there again."""
    row = _retirable(identity, slug, operation)
    if row.retired_at is None:
        row.retired_at, row.retired_by = clock.now(), identity.person
        _note(identity, slug, operation, "PaperModelRetired")


def bring_back_model(identity: Identity, slug: str, operation: str) -> None:
    """Undo it."""
    row = _retirable(identity, slug, operation)
    if row.retired_at is not None:
        row.retired_at, row.retired_by = None, None
        _note(identity, slug, operation, "PaperModelBroughtBack")


def _retirable(identity: Identity, slug: str, operation: str) -> PaperModel:
    may_publish(identity, operation)
    row = _locked_row(slug, operation)
    if row is None or row.begun:
        raise NotFound()
    return row


def _locked_row(slug: str, operation: str) -> PaperModel | None:
    return db.session.get(PaperModel, (slug, operation), with_for_update=True, populate_existing=True)


def _note(identity: Identity, slug: str, operation: str, kind: str) -> None:
    chain = chain_of(operation) if operation else HOUSE
    record.note(chain, f"paper-model:{slug}", kind, {"person": identity.person})


def _held(slug: str, operation: str, seen: int) -> tuple[PaperDraft, Written]:
    """The draft, held until the end of the transaction, or a new one with the pictures of the version in use."""
    asked: dict[str, Any] = {"with_for_update": True, "populate_existing": True}
    row = db.session.get(PaperDraft, (slug, operation), **asked)
    known = written(slug, operation)
    if (row.version if row else 0) != seen:
        raise Moved("Somebody else changed this model meanwhile.")
    if row is not None:
        return row, known
    pictures = [PaperFile(holder=holder(slug, operation), name=name, content=one) for name, one in known.files.items()]
    db.session.add_all(pictures)
    return PaperDraft(slug=slug, operation=operation, note="", version=0), known


def _drop(row: PaperDraft) -> None:
    db.session.execute(delete(PaperFile).where(PaperFile.holder == holder(row.slug, row.operation)))
    db.session.delete(row)
    db.session.flush()

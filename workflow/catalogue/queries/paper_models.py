"""Models of papers: which version new papers are written from, and every version ever used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from documents.front_matter import Ask, Audience, FrontMatter
from documents.library import Library
from workflow.catalogue.models import PaperClause, PaperFile, PaperModel, PaperVersion
from workflow.catalogue.queries.paper_content import called_by, front_of
from workflow.db import db
from workflow.errors import NotFound


@dataclass(frozen=True)
class PaperModelInUse:
    """A frozen version of a model. operation: whose own it is, "" for a common one; title: a plain name for lists;
    library: the clauses, pictures and models it calls for, frozen with it; about, kind, asks, audiences: see
    `documents.front_matter`. example: data to try it with, examples: further cases by name (the first one is "").
    """

    slug: str
    operation: str
    hash: str
    number: int
    title: str
    text: str
    library: Library
    examples: Mapping[str, Mapping[str, Any]]
    about: str
    kind: str
    asks: tuple[Ask, ...]
    audiences: tuple[Audience, ...]

    @property
    def example(self) -> Mapping[str, Any]:
        return next(iter(self.examples.values()), {})


def models_in_use(operation: str) -> list[PaperModelInUse]:
    """The models papers are written from in an operation, by title: its own version where there is one, else the common
    one. operation "": the common ones.
    """
    rows = {row.slug: row for row in sorted(_in_use(operation), key=lambda row: row.operation)}
    hashes = [row.current for row in rows.values()]
    found = db.session.scalars(select(PaperVersion).where(PaperVersion.hash.in_(hashes))).all()
    files = files_of(hashes)
    return sorted((_made(row, files.get(row.hash, {})) for row in found), key=lambda one: (one.title, one.slug))


def model_in_use(operation: str, slug: str) -> PaperModelInUse:
    """The version new papers are written from. Raises NotFound."""
    row = row_in_use(operation, slug)
    if row is None:
        raise NotFound()
    return frozen(row.current)


def frozen(hash: str) -> PaperModelInUse:
    """A version by its hash: one that was used never changes. Raises NotFound."""
    row = db.session.get(PaperVersion, hash)
    if row is None:
        raise NotFound()
    return _made(row, files_of([hash]).get(hash, {}))


def row_in_use(operation: str, slug: str) -> PaperModel | None:
    """Which row says it: the operation's own, else the common one; none where the model is retired."""
    return next((row for row in sorted(_in_use(operation, slug), key=lambda row: row.operation, reverse=True)), None)


def _in_use(operation: str, slug: str = "") -> Iterable[PaperModel]:
    asked = select(PaperModel).where(PaperModel.operation.in_({"", operation}), PaperModel.retired_at.is_(None))
    asked = asked.where(PaperModel.begun.is_(False))
    return db.session.scalars(asked.where(PaperModel.slug == slug) if slug else asked)


def files_of(holders: list[str]) -> dict[str, dict[str, bytes]]:
    """Pictures by holder and name."""
    found: dict[str, dict[str, bytes]] = {}
    for row in db.session.scalars(select(PaperFile).where(PaperFile.holder.in_(holders))):
        found.setdefault(row.holder, {})[row.name] = row.content
    return found


def library_of(operation: str, files: Mapping[str, bytes] | None = None) -> Library:
    """What a model of that operation may call for now: its own clauses over the common ones, every model in use."""
    return Library(clauses_of(operation), files or {}, {one.slug: one.text for one in models_in_use(operation)})


def clauses_of(operation: str) -> dict[str, str]:
    """The words in use of every clause, by name. An operation's own words hide the common ones with their variants."""
    asked = select(PaperClause).where(PaperClause.operation.in_({"", operation}), PaperClause.text.is_not(None))
    rows = db.session.scalars(asked.order_by(PaperClause.operation, PaperClause.name)).all()
    own = {row.name for row in rows if row.operation}
    hidden = {f"{name}." for name in own if "." not in name}
    kept = (row for row in rows if row.operation or not row.name.startswith(tuple(hidden)) or row.name in own)
    return {row.name: row.text or "" for row in sorted(kept, key=lambda row: (row.name, row.operation))}


def models_calling(operation: str, name: str) -> list[PaperModelInUse]:
    """The models in use there that call for a clause, themselves or through a model they annex."""
    one = Library({name: ""})
    return [
        found
        for found in models_in_use(operation)
        if any(called_by(text, one) for text in (found.text, *found.library.models.values()))
    ]


def _made(row: PaperVersion, files: Mapping[str, bytes]) -> PaperModelInUse:
    front = _front(row.text)
    return PaperModelInUse(
        slug=row.slug,
        operation=row.operation,
        hash=row.hash,
        number=row.number,
        title=row.title,
        text=row.text,
        library=Library(row.clauses, dict(files), row.annexed),
        examples=row.examples,
        about=front.about,
        kind=front.kind,
        asks=front.asks,
        audiences=front.audiences,
    )


@lru_cache(maxsize=256)
def _front(text: str) -> FrontMatter:
    return front_of(text)

"""Models and clauses of papers while somebody writes them, and what would come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from documents.library import Library
from workflow import access
from workflow.access import Identity
from workflow.catalogue.models import PaperClause, PaperDraft, PaperModel, PaperVersion
from workflow.catalogue.queries.paper_content import Content, annexed_by, composed
from workflow.catalogue.queries.paper_models import (
    PaperModelInUse,
    clauses_of,
    files_of,
    frozen,
    library_of,
    model_in_use,
    models_calling,
    models_in_use,
)
from workflow.db import db
from workflow.errors import NotFound


@dataclass(frozen=True)
class Written:
    """A model as somebody writes it: its draft; where none was begun, the version in use.

    version: that of the draft, 0 where there is none; findings: of its last proof, as data.
    """

    slug: str
    operation: str
    title: str
    base: PaperModelInUse
    text: str
    examples: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, bytes]
    version: int = 0
    note: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    findings: tuple[Mapping[str, Any], ...] = ()

    def content(self, text: str | None = None) -> Content:
        """The version that it, or another text in its place, would become."""
        around = library_of(self.operation, self.files)
        return composed(self.slug, self.operation, self.text if text is None else text, around)


def written(slug: str, operation: str) -> Written:
    """Raises NotFound for a model that is neither in use there nor begun."""
    start = begun_row(slug, operation)
    base = frozen(start.current) if start else model_in_use(operation, slug)
    row = draft_of(slug, operation)
    if row is None:
        return Written(slug, operation, base.title, base, base.text, base.examples, base.library.files)
    return Written(
        slug,
        operation,
        base.title,
        base,
        row.text,
        row.examples,
        files_of([holder(slug, operation)]).get(holder(slug, operation), {}),
        row.version,
        row.note,
        row.changed_by,
        row.changed_at,
        tuple(row.findings),
    )


def begun_row(slug: str, operation: str) -> PaperModel | None:
    """A model that somebody began from nothing and nobody published yet."""
    row = db.session.get(PaperModel, (slug, operation))
    return row if row is not None and row.begun else None


def begun_rows() -> list[PaperModel]:
    asked = select(PaperModel).where(PaperModel.begun.is_(True))
    return list(db.session.scalars(asked.order_by(PaperModel.slug, PaperModel.operation)))


def holder(slug: str, operation: str) -> str:
    """Under which name the pictures of a draft are kept."""
    return f"draft:{operation}:{slug}"


def draft_of(slug: str, operation: str) -> PaperDraft | None:
    return db.session.get(PaperDraft, (slug, operation))


def drafts() -> list[PaperDraft]:
    return list(db.session.scalars(select(PaperDraft).order_by(PaperDraft.slug, PaperDraft.operation)))


def places_of(identity: Identity) -> list[str]:
    """Where this person may word models of papers: "" for everywhere, then ids of operations."""
    own = sorted(one for one in identity.operations if access.may_set_up(identity, one))
    return ([""] if access.administers(identity) else []) + own


def own_rows(slug: str = "") -> list[PaperModel]:
    """The rows of operations that have a version of their own, retired ones included; not those only begun."""
    asked = (
        select(PaperModel)
        .where(PaperModel.operation != "", PaperModel.begun.is_(False))
        .order_by(PaperModel.slug, PaperModel.operation)
    )
    return list(db.session.scalars(asked.where(PaperModel.slug == slug) if slug else asked))


def common_rows() -> list[PaperModel]:
    asked = select(PaperModel).where(PaperModel.operation == "", PaperModel.begun.is_(False))
    return list(db.session.scalars(asked.order_by(PaperModel.slug)))


def versions_of(slug: str, operation: str) -> list[PaperVersion]:
    """The versions of a model that a place knows of, the latest first: its own, then the common ones."""
    asked = select(PaperVersion).where(PaperVersion.slug == slug, PaperVersion.operation.in_({"", operation}))
    return list(db.session.scalars(asked.order_by(PaperVersion.operation.desc(), PaperVersion.number.desc())))


def annexing(slug: str, operation: str) -> list[PaperModelInUse]:
    """The models in use there that have this one compiled in as an annex."""
    return [one for one in models_in_use(operation) if one.slug != slug and slug in annexed_by(one.text)]


def with_other_annex(found: PaperModelInUse, operation: str, annex: str, text: str) -> Content:
    """The version a model would become there with another text of the model it annexes."""
    around = library_of(operation, found.library.files)
    return composed(found.slug, operation, found.text, replace(around, models={**around.models, annex: text}))


# -- clauses ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clause:
    """A clause as it is worded in one place. text: the words in use there; pending: what they are to become.

    own: whether the place has words of its own; landlord: whose households it is for, "" for all; version: that of the
    place's own row, 0 where there is none.
    """

    name: str
    operation: str
    text: str
    pending: str | None
    own: bool
    version: int
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def bare(self) -> str:
        return self.name.partition(".")[0]

    @property
    def landlord(self) -> str:
        return self.name.partition(".")[2]

    @property
    def words(self) -> str:
        return self.text if self.pending is None else self.pending


def clause(name: str, operation: str) -> Clause:
    """Raises NotFound for a clause that neither the place nor the library has."""
    used, row = clauses_of(operation), db.session.get(PaperClause, (name, operation))
    if row is None and name not in used:
        raise NotFound()
    if row is None:
        return Clause(name, operation, used[name], None, own=False, version=0)
    return Clause(
        name,
        operation,
        used.get(name, row.text or ""),
        row.pending,
        own=row.text is not None and bool(operation),
        version=row.version,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def has_clause(name: str, operation: str) -> bool:
    """Whether a clause is in use there."""
    return name in clauses_of(operation)


def clauses(operation: str) -> list[Clause]:
    """Every clause as a place words it, those that only wait included."""
    waiting = select(PaperClause.name).where(PaperClause.operation == operation, PaperClause.pending.is_not(None))
    return [clause(name, operation) for name in sorted({*clauses_of(operation), *db.session.scalars(waiting)})]


def with_clause(around: Library, name: str, text: str) -> Library:
    """The library as it would be with other words of one clause."""
    return replace(around, clauses={**around.clauses, name: text})


def concerned(name: str, operation: str) -> list[PaperModelInUse]:
    """The models that get a new version when this clause is worded otherwise there."""
    return models_calling(operation, name.partition(".")[0])


def uses_of_clauses(operation: str) -> dict[str, int]:
    """{bare name of a clause: how many models in use there call for it}."""
    found: dict[str, int] = {}
    for one in models_in_use(operation):
        for name in {full.partition(".")[0] for full in one.library.clauses}:
            found[name] = found.get(name, 0) + 1
    return found


def without_words(found: PaperModelInUse, operation: str, name: str) -> Content:
    """The version a model would become there once the place has no words of its own of a clause."""
    around = library_of(operation, found.library.files)
    left = {full: text for full, text in around.clauses.items() if full != name}
    common = clauses_of("") if operation else {}
    back = {full: text for full, text in common.items() if full == name or full.startswith(f"{name}.")}
    return composed(found.slug, operation, found.text, replace(around, clauses={**back, **left}))


def with_other_words(found: PaperModelInUse, operation: str, name: str, text: str) -> Content:
    """The version a model would become there with other words of one clause."""
    around = with_clause(library_of(operation, found.library.files), name, text)
    return composed(found.slug, operation, found.text, around)

"""Word files that came back from partners: found, and what taking over what was chosen would make of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from documents.from_word.taken import Replaced, as_read, inlined, relocated, taken
from workflow.access import Identity
from workflow.catalogue.models import PaperReturn
from workflow.catalogue.queries.paper_drafts import Written, clause, has_clause, written
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen
from workflow.db import db
from workflow.errors import NotFound

KEEP, THEIRS, EDIT = "keep", "theirs", "edit"
IN_MODEL, IN_CLAUSE = "model", "clause"


@dataclass(frozen=True)
class Sent:
    """A paper of ours that a partner may send back. content: hash of what it says; told: how it was written, read when
    asked (data, lang, reference, day (ISO), issuer, organisation, address, verify_url); NotFound once it was erased.
    """

    reference: str
    title: str
    slug: str
    operation: str
    model: str
    content: str = ""
    told: Callable[[], Mapping[str, Any]] = dict


Finder = Callable[[Identity, str], list[Sent]]
_finders: list[Finder] = []


def register_sent(finder: Finder) -> None:
    """Who writes papers hands in how those of an operation are found: the catalogue knows none."""
    _finders.append(finder)


def sent_from(identity: Identity, operation: str, slug: str = "") -> list[Sent]:
    """The papers of an operation this person may read, written from a model of the catalogue; the latest first."""
    found = [one for finder in _finders for one in finder(identity, operation)]
    return [one for one in found if not slug or one.slug == slug]


# -- one that came back ------------------------------------------------------------------------------------------------


def paper_return(slug: str, operation: str, identifier: str) -> PaperReturn:
    """Raises NotFound."""
    row = db.session.get(PaperReturn, identifier)
    if row is None or (row.slug, row.operation) != (slug, operation):
        raise NotFound()
    return row


def paper_returns(slug: str, operation: str) -> list[PaperReturn]:
    """Those nobody is done with, the latest first."""
    asked = select(PaperReturn).where(PaperReturn.slug == slug, PaperReturn.operation == operation)
    return list(db.session.scalars(asked.order_by(PaperReturn.made_at.desc(), PaperReturn.id)))


def to_choose(articles: Sequence[Mapping[str, Any]]) -> list[int]:
    """The numbers of the articles that are not the same on both sides."""
    return [at for at, one in enumerate(articles) if one["state"] != "same"]


def can_be_taken(article: Mapping[str, Any]) -> bool:
    """Whether taking theirs changes anything by itself."""
    return any(one["before"] != one["after"] for one in article["replaced"])


def decided(row: PaperReturn) -> int:
    return sum(1 for at in to_choose(row.articles) if str(at) in row.choices)


# -- what comes of it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """The model as it would be. clauses: those worded otherwise, by name; lost: titles of the articles whose place is
    not found any more, because the model changed since.
    """

    found: Written
    text: str
    clauses: Mapping[str, str]
    lost: Sequence[str]

    @property
    def changes(self) -> bool:
        return self.text != self.found.text or bool(self.clauses)


def outcome(row: PaperReturn) -> Outcome:
    """Everything that was chosen, in the model and the clauses as they stand now."""
    base, found = frozen(row.model), written(row.slug, row.operation)
    old = {"": base.text, **base.library.clauses}
    now = {"": found.text} | {name: _words(name, row.operation, base) for name in base.library.clauses}
    chosen = [(one, title) for at, title in _titles(row) for one in _chosen(row, at)]
    put, missing = relocated(old, now, [one for one, _title in chosen])
    after = taken(now, put)
    changed = {one.origin for one in put if one.origin}
    to_write = {name for name in changed if _where(row, name) == IN_MODEL}
    text = after[""]
    for name in sorted(to_write):
        text = inlined(text, name, as_read(after[name]))
    clauses = {name: after[name] for name in changed - to_write}
    lost = dict.fromkeys(title for one, title in chosen if one in missing)
    return Outcome(found, found.text if text == as_read(found.text) else text, clauses, list(lost))


def _titles(row: PaperReturn) -> list[tuple[int, str]]:
    return [(at, row.articles[at]["title"]) for at in to_choose(row.articles) if str(at) in row.choices]


def _chosen(row: PaperReturn, at: int) -> list[Replaced]:
    choice = row.choices[str(at)]
    told = [Replaced(**one) for one in row.articles[at]["replaced"]]
    if choice["do"] == THEIRS:
        return [one for one in told if one.before != one.after]
    if choice["do"] != EDIT:
        return []
    texts = choice["texts"] or [one.after for one in told]
    put = (Replaced(one.origin, one.start, one.end, one.before, text) for one, text in zip(told, texts, strict=False))
    return [one for one in put if one.before != one.after]


def _where(row: PaperReturn, clause_name: str) -> str:
    """Where changed words of a clause are written, as the first article chosen from it says."""
    for at, _title in _titles(row):
        told = row.choices[str(at)]
        if any(one["origin"] == clause_name for one in row.articles[at]["replaced"]) and told["do"] != KEEP:
            return str(told["where"])
    return IN_MODEL


def _words(name: str, operation: str, base: PaperModelInUse) -> str:
    return clause(name, operation).words if has_clause(name, operation) else base.library.clauses[name]

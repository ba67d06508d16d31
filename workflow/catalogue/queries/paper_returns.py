"""Word files that came back from partners: found, and what taking over what was chosen would make of the model."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from documents.from_word.taken import Replaced, as_read, inlined, relocated, taken
from workflow.access import Identity
from workflow.catalogue.models import PaperReturn
from workflow.catalogue.queries.paper_drafts import Written, clause, has_clause, written
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen
from workflow.db import db
from workflow.errors import NotFound
from workflow.record.queries import key_of
from workflow.storage import unseal

KEPT_FOR = timedelta(days=30)
"""What a partner sent is thrown away by itself after that time."""
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


@dataclass(frozen=True)
class Comparison:
    """One that is open. told: how the paper that was sent was written (data, lang, day…); lines, articles: see
    `documents.from_word`; choices: {number of the article: {do, where, texts}}.
    """

    row: PaperReturn
    told: Mapping[str, Any]
    lines: Sequence[Any]
    articles: Sequence[Mapping[str, Any]]
    choices: Mapping[str, Mapping[str, Any]]


def paper_return(slug: str, operation: str, identifier: str) -> Comparison:
    """Raises NotFound, with the reason where it was thrown away by itself."""
    row = db.session.get(PaperReturn, identifier)
    if row is None or (row.slug, row.operation) != (slug, operation):
        raise NotFound()
    return opened(row)


def opened(row: PaperReturn) -> Comparison:
    """What its seal holds. Raises NotFound once it was thrown away by itself."""
    key = key_of(row.subject)
    if row.sealed is None or key is None:
        raise NotFound(
            "This comparison was thrown away %(days)s days after the file came. Send the Word file once more.",
            days=KEPT_FOR.days,
        )
    came = json.loads(zlib.decompress(unseal(key, row.sealed, row.subject)))
    choices = json.loads(unseal(key, row.chosen, choices_of(row))) if row.chosen else {}
    return Comparison(row, came["told"], came["lines"], came["articles"], choices)


def choices_of(row: PaperReturn) -> str:
    """To what the seal of its choices is bound."""
    return f"{row.subject}:choices"


def paper_returns(slug: str, operation: str) -> list[Comparison]:
    """Those nobody is done with, the latest first."""
    asked = select(PaperReturn).where(PaperReturn.slug == slug, PaperReturn.operation == operation)
    asked = asked.where(PaperReturn.sealed.is_not(None))
    return [opened(row) for row in db.session.scalars(asked.order_by(PaperReturn.made_at.desc(), PaperReturn.id))]


def kept_until(row: PaperReturn) -> datetime:
    """When it is thrown away by itself."""
    return row.made_at + KEPT_FOR


def to_choose(articles: Sequence[Mapping[str, Any]]) -> list[int]:
    """The numbers of the articles that are not the same on both sides."""
    return [at for at, one in enumerate(articles) if one["state"] != "same"]


def can_be_taken(article: Mapping[str, Any]) -> bool:
    """Whether taking theirs changes anything by itself."""
    return any(one["before"] != one["after"] for one in article["replaced"])


def decided(came: Comparison) -> int:
    return sum(1 for at in to_choose(came.articles) if str(at) in came.choices)


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


def outcome(came: Comparison) -> Outcome:
    """Everything that was chosen, in the model and the clauses as they stand now."""
    row = came.row
    base, found = frozen(row.model), written(row.slug, row.operation)
    old = {"": base.text, **base.library.clauses}
    now = {"": found.text} | {name: _words(name, row.operation, base) for name in base.library.clauses}
    chosen = [(one, title) for at, title in _titles(came) for one in _chosen(came, at)]
    put, missing = relocated(old, now, [one for one, _title in chosen])
    after = taken(now, put)
    changed = {one.origin for one in put if one.origin}
    to_write = {name for name in changed if _where(came, name) == IN_MODEL}
    text = after[""]
    for name in sorted(to_write):
        text = inlined(text, name, as_read(after[name]))
    clauses = {name: after[name] for name in changed - to_write}
    lost = dict.fromkeys(title for one, title in chosen if one in missing)
    return Outcome(found, found.text if text == as_read(found.text) else text, clauses, list(lost))


def _titles(came: Comparison) -> list[tuple[int, str]]:
    return [(at, came.articles[at]["title"]) for at in to_choose(came.articles) if str(at) in came.choices]


def _chosen(came: Comparison, at: int) -> list[Replaced]:
    choice = came.choices[str(at)]
    told = [Replaced(**one) for one in came.articles[at]["replaced"]]
    if choice["do"] == THEIRS:
        return [one for one in told if one.before != one.after]
    if choice["do"] != EDIT:
        return []
    texts = choice["texts"] or [one.after for one in told]
    put = (Replaced(one.origin, one.start, one.end, one.before, text) for one, text in zip(told, texts, strict=False))
    return [one for one in put if one.before != one.after]


def _where(came: Comparison, clause_name: str) -> str:
    """Where changed words of a clause are written, as the first article chosen from it says."""
    for at, _title in _titles(came):
        told = came.choices[str(at)]
        if any(one["origin"] == clause_name for one in came.articles[at]["replaced"]) and told["do"] != KEEP:
            return str(told["where"])
    return IN_MODEL


def _words(name: str, operation: str, base: PaperModelInUse) -> str:
    return clause(name, operation).words if has_clause(name, operation) else base.library.clauses[name]

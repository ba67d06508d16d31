"""Whether a dossier of a procedure may be opened for a household: what its procedure asks of another one first.

In procedure.yaml: `requires: [{procedure: diagnostic-social, state: validated, fresh: {E: 90, F: 90}}]`. `fresh: true`
asks that no answer be older than the form itself allows; days by page ask for fresher ones there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from forms.validity import StaleBlock
from workflow.approvals.models import Course
from workflow.catalogue.queries import Published, current
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.answers import handed_on_set
from workflow.dossiers.queries.freshness import SHARED, freshness, name_of
from workflow.errors import Refused

MISSING, NOT_VALIDATED, STALE = "missing", "not_validated", "stale"
SENTENCES: dict[str, str] = {
    # code: English msgid
    MISSING: "“%(procedure)s” comes first: there is none for this household.",
    NOT_VALIDATED: "“%(procedure)s” comes first: %(reference)s is not validated yet.",
    STALE: "“%(procedure)s” comes first: answers of %(reference)s are too old. Bring them up to date.",
}


@dataclass(frozen=True)
class Unmet:
    """What stands in the way. label: of the procedure that comes first; blocks: the pages to bring up to date."""

    code: str
    slug: str
    label: Mapping[str, str]
    dossier: Dossier | None = None
    blocks: tuple[StaleBlock, ...] = ()


def may_start(row: Household, published: Published, lang: str = "fr") -> Unmet | None:
    """None when a dossier of this procedure may be opened for this household now."""
    asked = published.settings.get("requires") or ()
    return next((found for one in asked if (found := _unmet(row, one, lang))), None)


def refuse_too_early(row: Household, published: Published) -> None:
    """Raises Refused("requires", …) with the sentence that names what comes first."""
    found = may_start(row, published)
    if found:
        reference = found.dossier.reference if found.dossier else ""
        raise Refused(
            "requires", SENTENCES[found.code], procedure=found.label.get("fr", found.slug), reference=reference
        )


def _unmet(row: Household, asked: Mapping[str, Any], lang: str) -> Unmet | None:
    slug = asked["procedure"]
    dossier = counting(row, slug)
    published = current(slug, row.operation_id)
    label = published.label if published else {"fr": slug}
    if dossier is None:
        return Unmet(MISSING, slug, label)
    course = db.session.get(Course, dossier.subject)
    if asked.get("state") == "validated" and (course is None or course.phase != "approved"):
        return Unmet(NOT_VALIDATED, slug, label, dossier)
    blocks = _too_old(dossier, asked.get("fresh"), lang)
    return Unmet(STALE, slug, label, dossier, tuple(blocks)) if blocks else None


def counting(row: Household, slug: str) -> Dossier | None:
    """The latest dossier of a procedure that counts for a household: neither annulled nor given up."""
    given_up = select(Course.subject).where(Course.phase.in_(("withdrawn", "cancelled")))
    asked = select(Dossier).where(
        Dossier.household_id == row.id,
        Dossier.slug == slug,
        Dossier.void_at.is_(None),
        ("dossier:" + Dossier.id).not_in(given_up),
    )
    return db.session.scalar(asked.order_by(Dossier.opened_at.desc()).limit(1))


def _too_old(dossier: Dossier, fresh: Any, lang: str) -> Iterable[StaleBlock]:
    stored = handed_on_set(dossier) if fresh else None
    if stored is None:
        return ()
    limits = fresh if isinstance(fresh, Mapping) else {}
    blocks = freshness(dossier, stored).blocks(lang, SHARED, limits)
    return [block for block in blocks if not limits or name_of(block.section) in limits]

"""Which versions of a form are in use, proposed, retired; who depends on a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import or_, select

from forms.carrying import carry
from forms.comparing import compare
from forms.instance import Instance
from workflow import access, clock
from workflow.access import Identity
from workflow.catalogue.models import PROPOSED, Adoption, Procedure, ProcedureVersion, Proposal
from workflow.catalogue.queries.versions import Published, fitted_to, version
from workflow.catalogue.rules import around
from workflow.db import db, unscoped
from workflow.errors import NotFound

WORDS = frozenset(("title", "label", "hint", "guidance", "required_message", "constraint_message", "choice_label"))
"""Changes after which the same answers are given to the same questions."""


def in_use(slug: str, hash_: str) -> bool:
    """Whether new dossiers begin on that version anywhere."""
    known = db.session.get(Procedure, slug)
    if known is not None and known.current == hash_:
        return True
    adopted = select(Adoption.slug).where(Adoption.slug == slug, or_(Adoption.base == hash_, Adoption.current == hash_))
    with unscoped("a version may be in use in any operation"):
        return db.session.scalar(adopted.limit(1)) is not None


def whole(hash_: str) -> bool:
    """Whether a version is one that operations are fitted from, not one that was fitted to an operation."""
    row = db.session.get_one(ProcedureVersion, hash_)
    if row.operation or hash_ not in fitted_to(row.slug):
        return True
    known = db.session.get_one(Procedure, row.slug)
    based = select(Adoption.slug).where(
        Adoption.slug == row.slug, or_(Adoption.base == hash_, Adoption.common == hash_)
    )
    with unscoped("a version may be in use in any operation"):
        return known.current == hash_ or db.session.scalar(based.limit(1)) is not None


def retired(slug: str, operation: str = "") -> bool:
    """Whether nothing new begins: the form is retired everywhere, or in that operation."""
    known = db.session.get(Procedure, slug)
    row = db.session.get(Adoption, (operation, slug)) if operation else None
    return bool((known and known.retired_at) or (row and row.retired_at))


def only_words(old: Published, new: Published) -> bool:
    """Whether the newer version asks the same questions, with the same rules, steps and documents, in other words."""
    same = (old.circuit.hash, old.models, old.settings) == (new.circuit.hash, new.models, new.settings)
    return same and all(change.kind in WORDS for change in compare(old.form, new.form, new.form.default_language))


# -- proposals ----------------------------------------------------------------------------------------------------


def proposals(identity: Identity, slug: str) -> list[Proposal]:
    """Versions that wait, the latest first: those this person may put into use."""
    rows = db.session.scalars(select(Proposal).where(Proposal.slug == slug).order_by(Proposal.made_at.desc()))
    return [row for row in rows if _mine(identity, row)]


def proposal(identity: Identity, slug: str, proposal_id: str) -> Proposal:
    row = db.session.get(Proposal, proposal_id)
    if row is None or row.slug != slug or not _mine(identity, row):
        raise NotFound()
    return row


def _mine(identity: Identity, row: Proposal) -> bool:
    return access.may_set_up(identity, row.operation) if row.operation else access.administers(identity)


def places(identity: Identity, slug: str) -> list[str]:
    """Where this person may put a version of that form into use: "" for everywhere, then ids of operations."""
    rows = db.session.scalars(
        select(Adoption.operation_id).where(Adoption.slug == slug).order_by(Adoption.operation_id)
    )
    mine = [operation for operation in rows if access.may_set_up(identity, operation)]
    return ([""] if access.administers(identity) and db.session.get(Procedure, slug) else []) + mine


def seen(slug: str, operation: str = "") -> str:
    """Hash of the version in use, as `release` wants it shown back."""
    if not operation:
        return db.session.get_one(Procedure, slug).current
    row = db.session.get(Adoption, (operation, slug))
    if row is None:
        raise NotFound()
    return row.base


# -- what else is known of a version --------------------------------------------------------------------------------

Counter = Callable[[str], Mapping[str, int]]
_counters: list[Counter] = []


def register_dossiers(counter: Counter) -> None:
    """Handed in at start by the journeys: slug → {hash of a version: dossiers under way on it}, within the scope."""
    if counter not in _counters:
        _counters.append(counter)


def under_way(slug: str) -> dict[str, int]:
    """Dossiers under way that this reader may know of, by version."""
    found: dict[str, int] = {}
    for counter in _counters:
        for hash_, count in counter(slug).items():
            found[hash_] = found.get(hash_, 0) + count
    return found


def row_of(hash_: str) -> ProcedureVersion:
    row = db.session.get(ProcedureVersion, hash_)
    if row is None or row.state == PROPOSED:
        raise NotFound()
    return row


def example_of(hash_: str) -> Instance:
    """Answers to try a version with: those of the procedure, as far as its questions still have a place; else none."""
    row, now = db.session.get_one(ProcedureVersion, hash_), around(clock.wall())
    form = version(hash_).form
    known = _written_for(row)
    if row.example is None or known is None:
        return Instance.new(form, now)
    told = Instance.from_answers(version(known).form, row.example, now)
    return carry(told, form, now, form.default_language).instance


def _written_for(row: ProcedureVersion) -> str | None:
    """The oldest version with these example answers: the one they were written for."""
    rows = db.session.scalars(
        select(ProcedureVersion).where(ProcedureVersion.slug == row.slug).order_by(ProcedureVersion.published_at)
    )
    return next((one.hash for one in rows if one.example == row.example), None)

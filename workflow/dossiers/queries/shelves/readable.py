"""Which dossiers of an operation, and which of their papers, somebody may have: asked of the database at once.

The same judgement as `may_open` and `whom.may_have_paper`, of one dossier; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from workflow import access
from workflow.access import Identity
from workflow.catalogue.queries import Published, version
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries import of_operation
from workflow.dossiers.queries.agreed import passed_on_to
from workflow.dossiers.queries.whom import may_have_paper
from workflow.filing.models import Paper

_AUDIENCES = frozenset(audience for role in access.ROLES.values() for audience in role.papers)


def dossiers_open_to(identity: Identity, operation: str) -> ColumnElement[bool]:
    """The condition that this person may open a dossier of the operation."""
    ofhouseholds = or_(false(), *(and_(kind, _opens(one, operation)) for kind, one in _standings(identity, operation)))
    whole = [row.id for row in of_operation.dossiers(identity, operation)]
    return or_(and_(Dossier.household_id.is_not(None), ofhouseholds), Dossier.id.in_(whole))


def papers_open_to(identity: Identity, operation: str) -> ColumnElement[bool]:
    """The condition that this person may have a paper of a dossier of the operation."""
    told = [
        and_(kind, Paper.audience.in_(_audiences(one, operation)), _opens(one, operation))
        for kind, one in _standings(identity, operation)
    ]
    ofhouseholds = and_(Dossier.household_id.is_not(None), or_(false(), *told))
    return or_(ofhouseholds, *_of_the_whole(identity, operation))


def _standings(identity: Identity, operation: str) -> Iterator[tuple[ColumnElement[bool], Identity]]:
    """(the dossiers meant, as whom one comes to them): what was lent for a kind of procedure counts there only."""
    lent = sorted(identity.lent_kinds(operation))
    yield Dossier.slug.not_in(lent) if lent else true(), identity
    for slug in lent:
        yield Dossier.slug == slug, identity.at(slug)


def _opens(identity: Identity, operation: str) -> ColumnElement[bool]:
    by_agreement = access.reads_by_agreement(identity, operation)
    if by_agreement is None:
        return true()
    return Dossier.id.in_(passed_on_to(by_agreement, operation, identity))


def _audiences(identity: Identity, operation: str) -> list[str]:
    return sorted(one for one in _AUDIENCES if access.may_have_paper(identity, operation, one))


def _of_the_whole(identity: Identity, operation: str) -> Iterator[ColumnElement[bool]]:
    """An operation has few dossiers of its own: each is looked at."""
    for row in of_operation.dossiers(identity, operation):
        named = {one["name"] for document in documents(version(row.procedure)) for one in document["audiences"]}
        mine = sorted(one for one in named if may_have_paper(identity, row, one))
        yield and_(Dossier.id == row.id, Paper.audience.in_(mine))


# -- what the procedures of an operation write --------------------------------------------------------------------


def in_use(operation: str) -> list[Published]:
    """Every version on which a dossier of the operation runs, or ran."""
    hashes = db.session.scalars(select(Dossier.procedure).where(Dossier.operation_id == operation).distinct())
    return [version(one) for one in sorted(hashes)]


def documents(published: Published) -> list[dict]:
    return list(published.settings.get("documents", ()))


def bears_signatures(published: Published, document: dict) -> bool:
    """Whether a document is written once somebody has signed: what it says is what was signed."""
    circuit, when = published.circuit, document.get("when")
    ranks = [circuit.index_of_step(step.id) for step in circuit.steps() if step.kind == "signature"]
    stages = [stage.id for stage in circuit.stages]
    written = stages.index(when["stage"]) if isinstance(when, dict) else len(stages)
    return any(rank < written for rank in ranks)

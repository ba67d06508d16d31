"""A dossier of a whole operation begins: a charter, an agreement, a campaign, a contribution."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.catalogue.queries import Published, retired
from workflow.catalogue.rules import is_about_operation
from workflow.circuit.decide import Actor
from workflow.db import db, new_id, unscoped
from workflow.dossiers import queries
from workflow.dossiers.actions.opening import known_to
from workflow.dossiers.actions.registering import prefix_of
from workflow.dossiers.actions.writing import store
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries import of_operation
from workflow.dossiers.queries.beginning import filled_by
from workflow.dossiers.rules import first_answers
from workflow.errors import Forbidden, Moved, Refused


def begin_for_operation(identity: Identity, operation: str, published: Published) -> tuple[Dossier, bool]:
    """Open a dossier of this operation, or offer the one under way: (dossier, whether it is new)."""
    author = _author(identity, operation, published)
    if not is_about_operation(published.settings):
        raise Refused("other_subject", "This form speaks of a household.")
    found = of_operation.open_dossier_of(operation, published)
    if found:
        return found, False
    if retired(published.slug, operation):
        raise Refused("retired", "This form is retired: no new file begins on it.")
    dossier = _put(identity, operation, published)
    prefill = {path: name for path, name in published.settings.get("prefill", {}).items() if isinstance(name, str)}
    known = known_to(operation, identity.name)
    instance, filled = first_answers(published.form, queries.circumstances(operation), prefill, known)
    told = [identity.person, clock.now().isoformat(), "prefilled"]
    store(dossier, instance, dict.fromkeys(filled, told), identity.person, revision=1)
    approvals.start(dossier.subject, operation, author)
    return dossier, True


def _author(identity: Identity, operation: str, published: Published) -> Actor:
    """In which capacity this person begins it."""
    roles = filled_by(published)
    grant = next((one for one in identity.grants_in(operation) if one.role in roles), None)
    if grant is None:
        raise Forbidden()
    return Actor(identity.person, grant.role, grant.organisation, grant.employer, on_behalf_of=grant.on_behalf_of)


def _put(identity: Identity, operation: str, published: Published) -> Dossier:
    row = Dossier(
        id=new_id(),
        operation_id=operation,
        reference=_following(operation),
        household_id=None,
        procedure=published.hash,
        slug=published.slug,
        author=identity.person,
        officer=identity.person,
        opened_at=clock.now(),
        closed=False,
        open_key=of_operation.open_key(operation, published),
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Moved("Somebody opened this dossier at the same moment.") from clash
    return row


def _following(operation: str) -> str:
    """MIS-OP-1, MIS-OP-2…: under what the households of the operation are known by."""
    begin = f"{prefix_of(operation)}-OP-"
    with unscoped("references of dossiers are unique over all operations"):
        taken = db.session.scalars(select(Dossier.reference).where(Dossier.reference.startswith(begin))).all()
    numbers = (int(rest) for rest in (one.removeprefix(begin) for one in taken) if rest.isdigit())
    return f"{begin}{max(numbers, default=0) + 1}"

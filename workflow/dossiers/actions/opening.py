"""A dossier opens, with what need not be asked again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from workflow import access, clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.catalogue.queries import Published, retired
from workflow.circuit.decide import Actor
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.actions.writing import store
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.beginning import refuse_done_again, refuse_out_of_place
from workflow.dossiers.queries.requirements import refuse_too_early
from workflow.dossiers.queries.taken_over import taken_over
from workflow.dossiers.rules import HOUSEHOLD_SAYS, first_answers
from workflow.errors import Forbidden, Moved, Refused
from workflow.operations import queries as operations
from workflow.operations.rules import in_force, value_of


def open_dossier(identity: Identity, row: Household, published: Published) -> tuple[Dossier, bool]:
    """Open a dossier, or offer the one under way: (dossier, whether it is new)."""
    if not access.may_fill(identity, row.operation_id):
        raise Forbidden()
    found = queries.open_dossier_of(row, published.slug)
    if found:
        return found, False
    if retired(published.slug, row.operation_id):
        raise Refused("retired", "This form is retired: no new file begins on it.")
    refuse_out_of_place(row, published)
    refuse_done_again(row, published)
    refuse_too_early(row, published)
    dossier = Dossier(
        id=new_id(),
        operation_id=row.operation_id,
        reference=_following(row),
        household_id=row.id,
        procedure=published.hash,
        slug=published.slug,
        author=identity.person,
        officer=identity.person,
        opened_at=clock.now(),
        closed=False,
        open_key=queries.open_key(row.id, published.slug),
        household=row,
    )
    db.session.add(dossier)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Moved("Somebody opened this dossier at the same moment.") from clash
    db.session.refresh(row, ["merged_into"])  # the row is ours to look at since the insert: nobody joins it any more
    if row.merged_into:
        raise Moved("This household was joined with another one meanwhile.")
    lens = access.LENSES[access.lens_of(identity, row.operation_id)]
    prefill, told_before = taken_over(row, published.settings.get("prefill", {}), lens)
    known = known_of(row, identity.name) | told_before
    instance, filled = first_answers(published.form, queries.circumstances(row.operation_id), prefill, known)
    told = [identity.person, clock.now().isoformat(), "prefilled"]
    store(dossier, instance, dict.fromkeys(filled, told), identity.person, revision=1)
    approvals.start(dossier.subject, dossier.operation_id, _author(identity, dossier))
    return dossier, True


def _following(row: Household) -> str:
    """The next reference under that of the household: those of dossiers that were moved elsewhere stay taken."""
    begin = f"{row.reference}-"
    taken = db.session.scalars(select(Dossier.reference).where(Dossier.reference.startswith(begin, autoescape=True)))
    numbers = [int(rest) for rest in (one.removeprefix(begin) for one in taken) if rest.isdigit()]
    return f"{begin}{max(numbers, default=0) + 1}"


def known_of(row: Household, officer: str) -> dict[str, Any]:
    """What need not be asked again. officer: the name of who fills it in."""
    told = {name: getattr(row, name) for name in HOUSEHOLD_SAYS}
    told |= {"building": queries.place(row, named=True).get("fr")}
    return known_to(row.operation_id, officer) | told


def known_to(operation: str, officer: str) -> dict[str, Any]:
    """The same, as far as it is known of the whole operation."""
    place = operations.operation(operation)
    return _rules(operation) | {"officer": officer, "controller": place.owner if place else None}


def _rules(operation: str) -> dict[str, Any]:
    """What the rules of the operation say today, by code."""
    rows = in_force(operations.parameters(operation), clock.today())
    return {code: value_of(row.value) for code, row in rows.items()}


def _author(identity: Identity, row: Dossier) -> Actor:
    grant = next((g for g in identity.grants_in(row.operation_id) if access.ROLES[g.role].fill), None)
    if grant is None:
        raise Forbidden()
    return Actor(identity.person, grant.role, grant.organisation, grant.employer)

"""Who may write a paper outside a procedure, and who may have it: what already governs the papers of dossiers."""

from __future__ import annotations

from workflow import access
from workflow.access import Identity
from workflow.approvals.queries import attending
from workflow.dossiers.queries import household as household_of
from workflow.dossiers.queries.mending import leads_to
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.people.models import Body
from workflow.writing.models import Written
from workflow.writing.rules.shaping import NAMED_TO

TO_ALL = frozenset(("public", "household"))
"""Audiences of papers about an operation or a body that nothing is kept from: a charter, a guide."""
COMMITTEE = "commission"


def may_have(identity: Identity, operation: str, audience: str, about: str) -> bool:
    """Whether somebody who may know of what a paper is about may have it, cut to that audience."""
    if about == "household":
        wanted = "household" if audience in NAMED_TO else COMMITTEE  # with its name: only to whom it is known
        return access.may_have_paper(identity, operation, wanted)
    if audience in TO_ALL:
        return operation in identity.operations
    return access.may_have_paper(identity, operation, COMMITTEE) or access.may_set_up(identity, operation)


def may_write_to_households(identity: Identity, operation: str) -> bool:
    """Whoever follows households there."""
    return access.may_fill(identity, operation)


def may_write_of_operation(identity: Identity, operation: str) -> bool:
    """Whoever describes the operation, and whoever follows its households."""
    return access.may_set_up(identity, operation) or access.may_fill(identity, operation)


def may_write_of_body(identity: Identity, body: Body) -> bool:
    """Its secretaries, and who stands in for one: its papers tell what it has before it."""
    return attending.keeps(identity, body)


def check_written(identity: Identity, row: Written) -> None:
    """Whether this person may know of a writing at all. Raises NotFound."""
    if row.about == "household":
        home = row.household_id or ""
        household_of(identity, leads_to(home) or home)  # entered twice, its papers are those of the one that stays
    if not audiences_for(identity, row):
        raise NotFound()


def audiences_for(identity: Identity, row: Written) -> list[str]:
    """The versions of a writing that this person may have. What tells of a sitting is for whoever has a voice there:
    whom it is sent to besides, its secretaries decide.
    """
    body = people.body(row.operation_id, row.body) if row.body else None
    if body is not None and attending.reads(identity, body):
        return list(row.audiences)
    return [] if row.sitting else [one for one in row.audiences if may_have(identity, row.operation_id, one, row.about)]


def may_annul(identity: Identity, row: Written) -> bool:
    """Whoever wrote it, and whoever could write it."""
    if row.about == "household":
        return may_write_to_households(identity, row.operation_id)
    body = people.body(row.operation_id, row.body) if row.body else None
    if body is not None:
        return attending.keeps(identity, body)
    return row.made_by == identity.person or may_write_of_operation(identity, row.operation_id)

"""To whom a household's answers may go: the organisations it agreed to, and the one that answers for all."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.db import db, prepared
from workflow.dossiers.models import HANDED_ON, Agreement, AnswerSet, Dossier
from workflow.operations.queries import operation as find_operation

_TICKED = prepared(select(Agreement.organisation).where(Agreement.dossier_id == bindparam("dossier")))


def agreements(row: Dossier) -> frozenset[str]:
    """Organisations the household agreed to, in the answers last handed on."""
    return frozenset(db.session.scalars(_TICKED, {"dossier": row.id}))


def controller_of(operation: str) -> str:
    found = find_operation(operation)
    return found.owner if found else ""


def _agreed(organisations: frozenset[str], operation: str):
    if controller_of(operation) in organisations:
        return select(AnswerSet.dossier_id).where(AnswerSet.state == HANDED_ON, AnswerSet.operation_id == operation)
    return select(Agreement.dossier_id).where(Agreement.organisation.in_(organisations))


def passed_on_to(organisations: frozenset[str], operation: str, identity: Identity):
    """Ids of the dossiers a person of these organisations may read: the household agreed, or they answer for the
    operation. Who sits in a body only, reads once its turn has come: the household has then read its copy.
    """
    agreed = _agreed(organisations, operation)
    if access.may_read_names(identity, operation):
        return agreed
    return agreed.where(agreed.selected_columns.dossier_id.in_(approvals.come_to(identity, "dossier")))

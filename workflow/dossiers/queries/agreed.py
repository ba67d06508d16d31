"""To whom a household's answers may go: the organisations it agreed to, and the one that answers for all."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.catalogue.queries import circuits_of, current, slugs, used
from workflow.catalogue.rules import is_about_operation
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


_HANDED_ON = prepared(
    select(AnswerSet.id).where(AnswerSet.dossier_id == bindparam("dossier"), AnswerSet.state == HANDED_ON).limit(1)
)


def is_passed_on(row: Dossier, organisations: frozenset[str], identity: Identity) -> bool:
    """`passed_on_to` of one dossier, looked at piece by piece: it is asked whenever somebody opens it."""
    if controller_of(row.operation_id) in organisations:
        agreed = db.session.scalar(_HANDED_ON, {"dossier": row.id}) is not None
    else:
        agreed = not agreements(row).isdisjoint(organisations)
    if not agreed or access.may_read_names(identity, row.operation_id):
        return agreed
    if approvals.is_asked_now(identity, row.subject):
        return True
    come = approvals.come_to(identity, "dossier", row.id)
    return _decides_on_households(identity, row.operation_id) and bool(db.session.scalar(select(come)))


def knows_of_households(identity: Identity, operation: str) -> bool:
    """Whether the households of an operation concern this person at all."""
    return access.may_read_names(identity, operation) or _decides_on_households(identity, operation)


def _decides_on_households(identity: Identity, operation: str) -> bool:
    """Whether this person has a voice about households: a seat in a body that only decides on the whole operation, its
    charter or its agreements, opens no household's file once it is decided.
    """
    every = used(operation) or filter(None, map(current, slugs()))
    known = (one for one in every if not is_about_operation(one.settings))
    bodies = {step.who.body for one in known for circuit in circuits_of(one) for step in circuit.steps()}
    mine = {one.body for one in identity.grants_in(operation) if one.role in access.READING}
    return not mine.isdisjoint(bodies | {None})


def passed_on_to(organisations: frozenset[str], operation: str, identity: Identity):
    """Ids of the dossiers a person of these organisations may read: the household agreed, or they answer for the
    operation. Who sits in a body only, reads once its turn has come: the household has then read its copy.
    """
    if access.may_read_names(identity, operation):
        return _agreed(organisations, operation)
    agreed = _agreed(organisations, operation)
    turn = approvals.come_to if _decides_on_households(identity, operation) else approvals.asked_now
    return agreed.where(turn(identity, "dossier", agreed.selected_columns.dossier_id))

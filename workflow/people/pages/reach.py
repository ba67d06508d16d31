"""What whoever asks may set up: raises NotFound, for what is absent and for what is hidden alike."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _

from workflow import access
from workflow.errors import Forbidden, NotFound
from workflow.people import queries
from workflow.people.models import Assignment, Body, Person

WHOLE = "*"
"""Stands for the whole installation where an operation is chosen."""


def set_up(operation: str) -> str:
    """The operation of the address, when this person describes it."""
    if operation not in g.identity.operations or not access.may_set_up(g.identity, operation):
        raise NotFound()
    return operation


def may_assign_in(operation: str | None) -> bool:
    """Whether this person names people there; None is the whole installation."""
    if access.administers(g.identity):
        return True
    return operation is not None and access.may_set_up(g.identity, operation)


def seen(person_id: str) -> Person:
    row = queries.person(person_id)
    if row is None or not queries.sees(g.identity, person_id):
        raise NotFound()
    return row


def looked_after(person_id: str) -> Person:
    """Somebody whose name and address this person may change. Raises Forbidden when they are only seen."""
    row = seen(person_id)
    if not queries.may_look_after(g.identity, person_id):
        raise Forbidden(_("This person also works elsewhere: ask an administrator of the installation."))
    return row


def assignment(assignment_id: str) -> Assignment:
    row = queries.assignment(assignment_id)
    if row is None or not may_assign_in(row.operation_id):
        raise NotFound()
    return row


def body(operation: str, slug: str) -> Body:
    row = queries.body(set_up(operation), slug)
    if row is None:
        raise NotFound()
    return row


def sets_up_anything() -> bool:
    return access.administers(g.identity) or bool(queries.operations_set_up_by(g.identity))


def places() -> list[tuple[str, str]]:
    """Where this person may name people: [(operation, name)], the whole installation last."""
    if access.administers(g.identity):
        return [*_sorted(queries.operation_names()), (WHOLE, _("The whole installation"))]
    return _sorted(queries.operation_names(queries.operations_set_up_by(g.identity)))


def _sorted(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: pair[1].casefold())

"""Which roles may be given where."""

from __future__ import annotations

from flask import g

from workflow import access
from workflow.errors import FieldError, Invalid
from workflow.people import queries
from workflow.people.pages.reach import WHOLE, may_assign_in
from workflow.people.rules import ROLES
from workflow.web.fields import Sheet


def roles_offered() -> list[str]:
    """Roles this person may give. A seat in a body is given on the page of the body."""
    whole = access.administers(g.identity)
    return [code for code, told in ROLES.items() if not told.seat and (whole or code != "operator")]


def place_of(chosen: str, role: str, form: Sheet) -> str | None:
    """The operation in which a role is given; None for the whole installation. Raises Invalid with what to mend."""
    if role not in roles_offered():
        raise Invalid([FieldError("role", "This role is not yours to give.")])
    if not chosen:
        raise Invalid([FieldError("operation", "Choose in which operation.")])
    operation = None if chosen == WHOLE else chosen
    if not may_assign_in(operation):
        raise Invalid([FieldError("operation", "This operation is not yours to set up.")])
    if operation is None and not ROLES[role].whole:
        raise Invalid([FieldError("operation", "This role is held in one operation: choose it.")])
    if operation is not None and role == "operator":
        raise Invalid([FieldError("operation", "The server is watched over for the whole installation.")])
    return operation


def partner_or_refused(operation: str | None, organisation: str, field: str) -> None:
    """Whoever acts in an operation acts for one of its partners: papers and agreements name them."""
    if operation is None or operation not in g.identity.operations:
        return
    if organisation not in queries.partners_of([operation]):
        name = queries.organisation_names().get(organisation, "")
        message = "%(name)s does not take part in this operation yet: add it to its partners first."
        raise Invalid([FieldError(field, message, {"name": name})])

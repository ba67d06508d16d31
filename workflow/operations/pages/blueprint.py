"""Where the doors of operations are hung, and the operation a page is about."""

from __future__ import annotations

from flask import Blueprint, g, url_for

from workflow import access
from workflow.errors import NotFound
from workflow.operations import queries
from workflow.operations.models import Operation
from workflow.web.editing import Crumb
from workflow.web.places import here

operations = Blueprint("operations", __name__)


def set_up(operation_id: str) -> Operation:
    """The operation of this address, when this person may describe it; NotFound when absent or not theirs alike."""
    if not access.may_set_up(g.identity, operation_id):
        raise NotFound()
    row = queries.operation(here(g.identity))
    if row is None:
        raise NotFound()
    return row


def trail(operation: Operation, *more: Crumb) -> list[Crumb]:
    """The way down to a page: the operation, then what is handed."""
    return [(url_for("exchange.overview", operation=operation.id), operation.name), *more]

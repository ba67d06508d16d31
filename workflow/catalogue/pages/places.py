"""Where versions of a form are used, and those that wait to be: in words."""

from __future__ import annotations

from flask import g, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from workflow.catalogue import queries
from workflow.operations import queries as operations
from workflow.people import queries as people

EVERYWHERE = "*"


def place_named(operation: str) -> str:
    """Where a version is used, in words."""
    place = operations.operation(operation) if operation else None
    return place.name if place else _("Everywhere: the common form")


def told(slug: str) -> list[dict[str, str]]:
    """The versions that wait, for the page of all versions."""
    rows = queries.proposals(g.identity, slug)
    names = people.names(row.made_by for row in rows)
    return [
        {
            "url": url_for("catalogue.proposal", slug=slug, proposal=row.id),
            "when": format_datetime(row.made_at, "d MMMM y, HH:mm"),
            "who": names.get(row.made_by, ""),
            "where": place_named(row.operation),
        }
        for row in rows
    ]

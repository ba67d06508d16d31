"""Where versions of a form are used, and those that wait to be: in words."""

from __future__ import annotations

from flask import g, url_for
from flask_babel import gettext as _

from workflow import access
from workflow.catalogue import queries
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web.dates import stamp

EVERYWHERE = "*"


def closed(slug: str, operation: str) -> dict[str, str] | None:
    """Where the form is retired, so that nothing begins there on any version: {place, url: to bring it back}.

    url is "" for who may not.
    """
    if not queries.retired(slug, operation):
        return None
    where = "" if queries.retired(slug) else operation
    may = where in queries.places(g.identity, slug)
    url = url_for("catalogue.bring_back", slug=slug, operation=where or None) if may else ""
    return {"place": place_named(where) if where else _("every operation"), "url": url}


def closed_here(slug: str) -> list[dict[str, str]]:
    """The same wherever this person may put a version into use, each place once."""
    found = [closed(slug, one) for one in queries.places(g.identity, slug)]
    return list({one["place"]: one for one in found if one}.values())


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
            "when": stamp(row.made_at),
            "who": names.get(row.made_by, ""),
            "where": place_named(row.operation),
        }
        for row in rows
    ]


def adaptable(slug: str) -> dict[str, list[tuple[str, str]]]:
    """Where this person may change the form in its pages: (address, name) of operations, of landlords."""
    return {
        "operations": [
            (url_for("catalogue.adapt", operation=one, slug=slug), place_named(one))
            for one in queries.places(g.identity, slug)
            if one
        ],
        "landlords": [
            (url_for("catalogue.adapt", organisation=row.slug, slug=slug), row.name)
            for row in people.organisation_rows().values()
            if row.kind == "landlord" and access.may_change_forms_of(g.identity, row.slug)
        ],
    }

"""Where a model of papers is worded: the common one, or an operation's own; the way to its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow import access
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.queries.paper_drafts import places_of
from workflow.db import db
from workflow.errors import NotFound
from workflow.operations import queries as operations
from workflow.web import door as door_of_requests
from workflow.web import kept

ABOUT = {
    "household": later("A household"),
    "operation": later("The operation"),
    "body": later("A body that meets"),
}
KINDS = {
    "letter": later("Letter"),
    "agreement": later("Agreement"),
    "notice": later("Notice"),
    "sheet": later("Information sheet"),
    "minutes": later("Minutes"),
    "report": later("Report"),
}
FOR_EXAMPLE = {"slug": "model", "name": "clause"}


def door(below: str, *methods: str, root: str = "/models/<slug>") -> Any:
    """The same page for the common model and for an operation's own."""

    def hang(view: Any) -> Any:
        for address, told in ((root, {"operation": ""}), ("/operations/<operation>" + root, {})):
            catalogue.add_url_rule(
                address + below, view.__name__, view, methods=list(methods) or ["GET"], defaults=told
            )
        return view

    return hang


@dataclass(frozen=True)
class Place:
    """operation: "" for the common models; name: of the operation; may: whether this person changes words here."""

    operation: str
    name: str
    may: bool

    def url(self, page: str, **told: Any) -> str:
        return url_for(f"catalogue.{page}", operation=self.operation, **told)

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [(url_for("catalogue.paper_models"), _("Models of papers"))]


def place(operation: str) -> Place:
    """Common models may be looked at by whoever sets an operation up. Raises NotFound."""
    mine = places_of(g.identity)
    if operation and operation not in mine:
        raise NotFound()
    return Place(operation, named(operation), operation in mine)


def mine(operation: str) -> Place:
    """A place whose words this person may change. Raises NotFound."""
    found = place(operation)
    if not found.may:
        raise NotFound()
    return found


def named(operation: str) -> str:
    row = operations.operation(operation) if operation else None
    return row.name if row else _("Every operation")


def own_places() -> list[tuple[str, str]]:
    """(id, name) of the operations in which this person may have models of their own."""
    return [(one, named(one)) for one in places_of(g.identity) if one]


def administers() -> bool:
    return access.administers(g.identity)


def shown_version(sent: Mapping[str, str] | None = None) -> int:
    """The version the page was drawn with."""
    told = (request.form if sent is None else sent).get("seen", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def forget_kept() -> None:
    """What was kept of this page when a session had ended is saved now: commit, then forget it."""
    door_of_requests.commit()
    db.session.rollback()  # ringing for jobs may have begun to read already; nobody waits for this request
    kept.forget(g.identity.account, request.path)

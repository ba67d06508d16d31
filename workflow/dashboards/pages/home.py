"""Doors: the front page, which sends everybody to where their day begins."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for

from workflow import access
from workflow.dashboards.pages.blueprint import dashboards
from workflow.web import places

DESCRIBES = frozenset(("administrator", "operator"))


@dashboards.get("/")
def home() -> Any:
    """Who waits for nothing begins where their work is: the server, or the operations to describe."""
    if g.identity is None:
        return redirect(url_for("people.sign_in"))
    if g.identity.roles and g.identity.roles <= access.OPERATOR.roles:
        return redirect(url_for("dashboards.operator"))
    if request.args.get(places.KEY):
        places.here(g.identity)  # remembered: the next pages are about that operation
    if g.identity.roles and g.identity.roles <= DESCRIBES:
        return redirect(url_for("operations.every"))
    return redirect(url_for("approvals.waiting"))

"""Doors: an operation stays on the form it has, or asks to see the common one again."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _

from workflow.catalogue import actions
from workflow.catalogue.pages.blueprint import catalogue
from workflow.db import db
from workflow.errors import Moved


@catalogue.post("/forms/<slug>/offers/<operation>/stay")
def stay(slug: str, operation: str) -> Any:
    """What was offered is offered no more, until the next version of the common form."""
    try:
        actions.stay(g.identity, operation, slug, request.form.get("seen", ""))
        flash(_("The operation stays on its form. You may look at the common one again at any time."), "done")
    except Moved as problem:
        db.session.rollback()
        flash(_(problem.message, **problem.params), "late")
    return _back(operation)


@catalogue.post("/forms/<slug>/offers/<operation>/look")
def look_again(slug: str, operation: str) -> Any:
    actions.look_again(g.identity, operation, slug)
    flash(_("The common form is offered to the operation again."), "done")
    return _back(operation)


def _back(operation: str) -> Any:
    return redirect(url_for("exchange.overview", operation=operation, _anchor="forms"), code=303)

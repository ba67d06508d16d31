"""How one thing of an operation is removed: what hangs on it is named first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.db import db
from workflow.errors import Refused
from workflow.web.editing import Desk


def remove(desk: Desk, version: object, hanging: dict[str, int], take_away: Callable[[int], Any], done: str) -> Any:
    """The page before something is removed says what hangs on it; confirmed, `take_away(version shown)` is called."""
    if request.method != "POST":
        return _leaving(desk, version, hanging)
    if hanging:
        return _leaving(desk, version, hanging), 409
    shown = request.form.get("version", "")
    try:
        take_away(int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0)
    except Refused as problem:
        db.session.rollback()
        return _leaving(desk, version, problem.params.get("hanging", {})), 409
    flash(done, "done")
    return redirect(desk.back, code=303)


def _leaving(desk: Desk, version: object, hanging: dict[str, int]) -> str:
    told = [said(what, count) for what, count in hanging.items()]
    return render_template("operations/remove.html", desk=desk, hanging=told, version=version)


def said(what: str, count: int) -> str:
    """How many things of a kind: "3 buildings"."""
    match what:
        case "buildings":
            return ngettext("%(num)s building", "%(num)s buildings", count)
        case "households":
            return ngettext("%(num)s household", "%(num)s households", count)
        case "seats":
            return ngettext("%(num)s seat in a body", "%(num)s seats in bodies", count)
        case "people":
            return ngettext("the mission of %(num)s person", "the missions of %(num)s persons", count)
        case "operations":
            return _("the operation itself, which it carries")
    raise ValueError(what)

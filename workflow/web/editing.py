"""How one thing is added or changed in a page: the same manners everywhere. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from workflow.db import db
from workflow.errors import Invalid, Moved, Refused
from workflow.web.fields import Sheet

Crumb = tuple[str, str]
"""(address, label)."""


@dataclass(frozen=True)
class Desk:
    """What stands around a form. back: where one returns; crumbs: the way down; remove: the page that removes it."""

    title: str
    lead: str
    back: str
    crumbs: list[Crumb] = field(default_factory=list)
    verb: str = ""
    remove: Crumb | None = None
    notice: str = ""
    template: str = "sheet.html"
    more: dict[str, Any] = field(default_factory=dict)


Fresh = Callable[[], tuple[Sheet, int]]
"""The form as it would be filled from what is stored now, with its version."""


def edit(desk: Desk, form: Sheet, save: Callable[[], Any], done: str, fresh: Fresh | None = None) -> Any:
    """Show the form; when sent, check and save it, then go back (or to the address that `save` returns).

    422 with what to mend; 409 with both versions when somebody changed the thing meanwhile, or with the reason when
    the rules say no.
    """
    if not form.is_submitted():
        return page(desk, form)
    if not form.validate():
        return page(desk, form), 422
    try:
        leads = save()
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return page(desk, form), 422
    except Moved:
        db.session.rollback()
        if fresh is None:
            raise
        stored, version = fresh()
        form.version.data = str(version)
        return page(desk, form, conflict=form.differences(stored)), 409
    except Refused as problem:
        db.session.rollback()
        return page(desk, form, refusal=_(problem.message, **problem.params)), 409
    if done:
        flash(done, "done")
    return redirect(leads if isinstance(leads, str) else desk.back, code=303)


def page(desk: Desk, form: Sheet, *, conflict: list[dict[str, str]] | None = None, refusal: str = "") -> str:
    groups = form.groups or [("", [one.name for one in form if one.name not in ("version", "csrf_token")])]
    return render_template(
        desk.template, desk=desk, form=form, groups=groups, conflict=conflict, refusal=refusal, **desk.more
    )


@dataclass(frozen=True)
class Step:
    """Something that is confirmed on a page saying what follows from it."""

    title: str
    consequence: str
    verb: str
    back: str
    crumbs: list[Crumb] = field(default_factory=list)
    danger: bool = True


def confirm(step: Step, form: Sheet, carry_out: Callable[[], Any], done: str) -> Any:
    """The page before it is done; when sent, do it and go back. A refusal is said on the same page."""
    if not form.is_submitted():
        return render_template("confirm.html", step=step, form=form, refusal="")
    try:
        if form.validate():
            carry_out()
            flash(done, "done")
            return redirect(step.back, code=303)
        refusal, status = "", 422
    except (Refused, Moved) as problem:
        db.session.rollback()
        refusal, status = _(problem.message, **problem.params), problem.status
    return render_template("confirm.html", step=step, form=form, refusal=refusal), status

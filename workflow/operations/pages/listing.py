"""Doors: the operations of the installation, and one of them taken in charge."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access
from workflow.errors import NotFound
from workflow.operations import actions, queries
from workflow.operations.models import Operation
from workflow.operations.pages.blueprint import operations
from workflow.people import queries as people
from workflow.people.rules import folded
from workflow.web import listed
from workflow.web.dates import period


@operations.get("/operations")
def every() -> Any:
    """Those this person sets up; for who looks after the installation, all of them."""
    mine = {one for one in g.identity.operations if access.may_set_up(g.identity, one)}
    whole = access.administers(g.identity)
    known = queries.every_operation() if whole else queries.operations(mine)
    asked = listed.Filter("q", _("Name or city"))
    only_mine = listed.Filter("mine", _("Only those I describe"), tick=True)
    rows = [row for row in known if folded(asked.asked) in folded(f"{row.name} {row.city}")]
    if only_mine.asked:
        rows = [row for row in rows if row.id in mine]
    begin = (url_for("exchange.begin"), _("Begin an operation"))
    return listed.show(
        listed.Listed(
            title=_("Operations"),
            lead=_("Each relocation operation, and who carries it."),
            columns=_columns(mine),
            rows=rows,
            known=len(known),
            filters=[asked, only_mine] if whole else [asked],
            counted=lambda count: ngettext("%(num)s operation", "%(num)s operations", count),
            empty=_nothing(whole, begin),
            primary=begin if whole else None,
            file_name="operations",
            private=False,
        )
    )


def _nothing(whole: bool, begin: tuple[str, str]) -> listed.Empty:
    if not whole:
        return listed.Empty(_("No operation yet"), _("You will find here the operations you are asked to describe."))
    return listed.Empty(
        _("Begin your first operation"),
        _("An operation gathers its partners, its buildings and its households. Ten minutes are enough to begin."),
        *begin,
    )


def _columns(mine: set[str]) -> list[listed.Column]:
    names = people.organisation_names()
    return [
        listed.Column(_("Operation"), lambda row: row.name, lambda row: _name(row, row.id in mine), width=30),
        listed.Column(_("City"), lambda row: row.city),
        listed.Column(_("Who carries it"), lambda row: names.get(row.owner, ""), width=30),
        listed.Column(_("Period"), lambda row: period(row.starts, row.ends)),
        listed.Column(
            _("For you"),
            lambda row: _("you describe it") if row.id in mine else "",
            lambda row: (
                {"text": _("you describe it")}
                if row.id in mine
                else {"text": _("Take charge of it"), "url": url_for("operations.take_charge", operation=row.id)}
            ),
        ),
    ]


def _name(row: Operation, mine: bool) -> dict[str, str]:
    return {"text": row.name} | ({"url": url_for("exchange.overview", operation=row.id)} if mine else {})


@operations.route("/operations/<operation>/take-charge", methods=["GET", "POST"])
def take_charge(operation: str) -> Any:
    """Whoever looks after the installation begins to describe one operation: never silently."""
    row = queries.operation(operation)
    if row is None or not access.administers(g.identity):
        raise NotFound()
    if access.may_set_up(g.identity, operation):
        return redirect(url_for("exchange.overview", operation=operation), code=303)
    if request.method == "POST":
        actions.take_charge(g.identity, operation)
        flash(_("You now describe this operation."), "done")
        return redirect(url_for("exchange.overview", operation=operation), code=303)
    return render_template("operations/take_charge.html", row=row)

"""Doors: the tranches of an operation."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow.operations import actions, queries
from workflow.operations.actions.ground import row_of
from workflow.operations.models import Operation, Tranche
from workflow.operations.pages.blueprint import operations, set_up, trail
from workflow.operations.pages.removing import remove
from workflow.web import fields, listed
from workflow.web.dates import period
from workflow.web.editing import Crumb, Desk, edit


class TrancheForm(fields.Sheet):
    label = fields.name_field(
        later("Name"),
        later("Give the tranche a name."),
        200,
        description=later("For example: Tranche 1, the river side."),
    )
    moves = fields.count(later("Households to rehouse"))
    dwellings = fields.count(
        later("Dwellings to demolish or rebuild"),
        description=later("Not always the same figure: some are empty, some shelter two households."),
    )
    starts = fields.day(later("First day"))
    ends = fields.day(later("Last day"))


@operations.get("/operations/<operation>/tranches")
def tranches(operation: str) -> Any:
    row, known = set_up(operation), queries.tranches(operation)
    add = (url_for("operations.new_tranche", operation=operation), _("Add a tranche"))
    return listed.show(
        listed.Listed(
            title=_("Tranches"),
            lead=_("The stages of the work: which buildings are emptied first."),
            columns=[
                listed.Column(_("Tranche"), name, _cell, width=34),
                listed.Column(_("Households to rehouse"), lambda tranche: tranche.moves, number=True),
                listed.Column(_("Dwellings"), lambda tranche: tranche.dwellings, number=True),
                listed.Column(_("Period"), lambda row: period(row.starts, row.ends), width=36),
            ],
            rows=known,
            known=len(known),
            counted=lambda count: ngettext("%(num)s tranche", "%(num)s tranches", count),
            empty=listed.Empty(
                _("No tranche yet"), _("Add one only if buildings are not all emptied at the same time."), *add
            ),
            primary=add,
            place=row.name,
            file_name=f"tranches-{operation}",
            private=False,
            more={"crumbs": trail(row)},
        ),
        "operations/listed.html",
    )


def name(row: Tranche) -> str:
    return row.label.get("fr") or row.slug


def _cell(row: Tranche) -> dict[str, str]:
    return {"text": name(row), "url": url_for("operations.tranche", operation=row.operation_id, tranche_id=row.id)}


@operations.route("/operations/<operation>/tranches/new", methods=["GET", "POST"])
def new_tranche(operation: str) -> Any:
    row, form = set_up(operation), TrancheForm()
    return edit(
        _desk(row, _("Add a tranche"), _("Add this tranche")),
        form,
        lambda: actions.put_tranche(operation, _typed(form), g.identity.person),
        _("The tranche is added."),
    )


@operations.route("/operations/<operation>/tranches/<tranche_id>", methods=["GET", "POST"])
def tranche(operation: str, tranche_id: str) -> Any:
    row, known = set_up(operation), row_of(Tranche, operation, tranche_id)
    form = TrancheForm(data=_told(known))
    leave = url_for("operations.remove_tranche", operation=operation, tranche_id=tranche_id)
    return edit(
        _desk(row, name(known), _("Keep these changes"), leave),
        form,
        lambda: actions.put_tranche(operation, _typed(form), g.identity.person, tranche_id, form.shown_version),
        _("The tranche is changed."),
        lambda: _fresh(operation, tranche_id),
    )


def _told(row: Tranche) -> dict[str, Any]:
    plain = {field: getattr(row, field) for field in ("moves", "dwellings", "starts", "ends")}
    return {**plain, "label": name(row), "version": str(row.version)}


def _typed(form: TrancheForm) -> dict[str, Any]:
    plain = {field: form[field].data for field in ("moves", "dwellings", "starts", "ends")}
    return {**plain, "label": {"fr": form.label.data}}


def _fresh(operation: str, tranche_id: str) -> tuple[TrancheForm, int]:
    row = row_of(Tranche, operation, tranche_id)
    return TrancheForm(formdata=None, data=_told(row)), row.version


def _desk(row: Operation, title: str, verb: str, leave: str = "") -> Desk:
    back = url_for("operations.tranches", operation=row.id)
    return Desk(
        title,
        _("A stage of the work, with its own figures and days."),
        back,
        _way(row, back),
        verb,
        (leave, _("Remove this tranche")) if leave else None,
    )


def _way(row: Operation, back: str) -> list[Crumb]:
    return trail(row, (back, _("Tranches")))


@operations.route("/operations/<operation>/tranches/<tranche_id>/remove", methods=["GET", "POST"])
def remove_tranche(operation: str, tranche_id: str) -> Any:
    row, known = set_up(operation), row_of(Tranche, operation, tranche_id)
    desk = _desk(row, _("Remove %(name)s", name=name(known)), _("Remove this tranche"))
    return remove(
        desk,
        known.version,
        queries.hanging(operation, "tranche", known.id),
        lambda version: actions.remove_tranche(operation, tranche_id, version, g.identity.person),
        _("The tranche is removed."),
    )

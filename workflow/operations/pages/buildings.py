"""Doors: the buildings of an operation."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow.operations import actions, queries
from workflow.operations.actions.ground import row_of
from workflow.operations.models import Building, Operation
from workflow.operations.pages.blueprint import operations, set_up, trail
from workflow.operations.pages.removing import remove
from workflow.operations.pages.tranches import name as tranche_name
from workflow.people import queries as people
from workflow.people.rules import folded
from workflow.web import fields, listed
from workflow.web.editing import Desk, edit

PLAIN = ("name", "address", "landlord", "tranche_id", "zone", "dwellings")


class BuildingForm(fields.Sheet):
    name = fields.name_field(later("Name"), later("Give the building a name."), 120)
    address = fields.name_field(later("Address"), later("Write its address."), 300)
    landlord = fields.choice(later("Landlord"), later("Choose the landlord of the building."))
    tranche_id = fields.choice(later("Tranche"))
    zone = fields.choice(later("Zone"))
    dwellings = fields.count(later("Number of dwellings"))


@operations.get("/operations/<operation>/buildings")
def buildings(operation: str) -> Any:
    row, known = set_up(operation), queries.buildings(operation)
    add = (url_for("operations.new_building", operation=operation), _("Add a building"))
    asked = listed.Filter("q", _("Name or address"))
    stage = listed.Filter("tranche", _("Tranche"), [("", _("All the tranches")), *_tranches(operation)])
    rows = [one for one in known if folded(asked.asked) in folded(f"{one.name} {one.address}")]
    if stage.asked:
        rows = [one for one in rows if one.tranche_id == stage.asked]
    return listed.show(
        listed.Listed(
            title=_("Buildings"),
            lead=_("Where the households live today."),
            columns=_columns(operation),
            rows=rows,
            known=len(known),
            filters=[asked, stage] if len(stage.choices) > 1 else [asked],
            counted=lambda count: ngettext("%(num)s building", "%(num)s buildings", count),
            empty=listed.Empty(
                _("No building yet"), _("Add each building with its address and its landlord; households follow."), *add
            ),
            primary=add,
            place=row.name,
            file_name=f"batiments-{operation}",
            private=False,
            more={"crumbs": trail(row)},
        ),
        "operations/listed.html",
    )


def _columns(operation: str) -> list[listed.Column]:
    names, stages = people.organisation_names(), dict(_tranches(operation))
    zones = {slug: label.get("fr", slug) for slug, label in queries.zones(operation).items()}
    return [
        listed.Column(_("Building"), lambda one: one.name, _cell, width=26),
        listed.Column(_("Address"), lambda one: one.address, width=36),
        listed.Column(_("Landlord"), lambda one: names.get(one.landlord, one.landlord), width=26),
        listed.Column(_("Tranche"), lambda one: stages.get(one.tranche_id, ""), width=30),
        listed.Column(_("Zone"), lambda one: zones.get(one.zone, ""), on_page=bool(zones)),
        listed.Column(_("Dwellings"), lambda one: one.dwellings, number=True),
    ]


def _cell(row: Building) -> dict[str, str]:
    return {"text": row.name, "url": url_for("operations.building", operation=row.operation_id, building_id=row.id)}


def _tranches(operation: str) -> list[tuple[str, str]]:
    return [(row.id, tranche_name(row)) for row in queries.tranches(operation)]


@operations.route("/operations/<operation>/buildings/new", methods=["GET", "POST"])
def new_building(operation: str) -> Any:
    row = set_up(operation)
    landlords = queries.landlords(operation)
    only = {"landlord": landlords[0].slug} if len(landlords) == 1 else {}
    form = _lists(operation, BuildingForm(data=only))
    return edit(
        _desk(row, _("Add a building"), _("Add this building"), landlords=len(landlords)),
        form,
        lambda: actions.put_building(operation, _typed(form), g.identity.person),
        _("The building is added."),
    )


@operations.route("/operations/<operation>/buildings/<building_id>", methods=["GET", "POST"])
def building(operation: str, building_id: str) -> Any:
    row, known = set_up(operation), row_of(Building, operation, building_id)
    form = _lists(operation, BuildingForm(data=_told(known)))
    leave = url_for("operations.remove_building", operation=operation, building_id=building_id)
    return edit(
        _desk(row, known.name, _("Keep these changes"), leave),
        form,
        lambda: actions.put_building(operation, _typed(form), g.identity.person, building_id, form.shown_version),
        _("The building is changed."),
        lambda: _fresh(operation, building_id),
    )


def _lists(operation: str, form: BuildingForm) -> BuildingForm:
    form.choose(
        landlord=[(one.slug, one.name) for one in queries.landlords(operation)],
        tranche_id=_tranches(operation),
        zone=[(slug, label.get("fr", slug)) for slug, label in queries.zones(operation).items()],
    )
    return form


def _told(row: Building) -> dict[str, Any]:
    return {field: getattr(row, field) for field in PLAIN} | {"version": str(row.version)}


def _typed(form: BuildingForm) -> dict[str, Any]:
    data = {field: form[field].data for field in PLAIN}
    return data | {"tranche_id": data["tranche_id"] or None, "zone": data["zone"] or ""}


def _fresh(operation: str, building_id: str) -> tuple[BuildingForm, int]:
    row = row_of(Building, operation, building_id)
    return _lists(operation, BuildingForm(formdata=None, data=_told(row))), row.version


def _desk(row: Operation, title: str, verb: str, leave: str = "", landlords: int = 1) -> Desk:
    back = url_for("operations.buildings", operation=row.id)
    lead = _("Changing its landlord or zone changes nothing for the households already entered.")
    missing = "" if landlords else _("No landlord takes part in the operation yet: add one among the partners first.")
    return Desk(
        title,
        lead,
        back,
        trail(row, (back, _("Buildings"))),
        verb,
        (leave, _("Remove this building")) if leave else None,
        missing,
    )


@operations.route("/operations/<operation>/buildings/<building_id>/remove", methods=["GET", "POST"])
def remove_building(operation: str, building_id: str) -> Any:
    row, known = set_up(operation), row_of(Building, operation, building_id)
    desk = _desk(row, _("Remove %(name)s", name=known.name), _("Remove this building"))
    return remove(
        desk,
        known.version,
        queries.hanging(operation, "building", known.id),
        lambda version: actions.remove_building(operation, building_id, version, g.identity.person),
        _("The building is removed."),
    )

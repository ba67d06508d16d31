"""Doors: the telephones and tablets from which one sends answers."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow import access
from workflow.errors import Invalid
from workflow.people import actions, queries
from workflow.people.pages import wording
from workflow.people.pages.blueprint import people
from workflow.web import fields
from workflow.web.editing import Desk, page


class DeviceForm(fields.Sheet):
    name = fields.name_field(
        later("Name of the device"),
        later("Give this device a name, for example: tablet of the desk."),
        80,
        description=later("So that you recognise it here, should it be lost."),
    )
    operation = fields.choice(later("For which operation"), later("Choose the operation."))


@people.route("/me/devices", methods=["GET", "POST"])
def my_devices() -> Any:
    """The devices of the person of this request; a new one is given its address, shown once."""
    form = DeviceForm()
    places = _places()
    form.choose(operation=places)
    if len(places) == 1:
        form.operation.data = places[0][0]
    if form.is_submitted() and form.validate():
        try:
            row, secret = actions.add_device(g.identity, form.operation.data, form.name.data or "")
        except Invalid as problem:
            for error in problem.errors:
                form.refuse(error.field, error.message, error.params)
        else:
            return _shown_once(row.name, wording.day(row.expires_at), secret)
    return page(_desk(), form), 422 if form.errors else 200


def _places() -> list[tuple[str, str]]:
    names = queries.operation_names()
    mine = sorted(place for place in g.identity.operations if access.may_fill(g.identity, place))
    return [(place, names.get(place, place)) for place in mine]


def _desk() -> Desk:
    me, places = url_for("people.me"), queries.operation_names()
    return Desk(
        title=_("My devices"),
        lead=_("Telephones and tablets from which you send filled forms, with an application such as ODK Collect."),
        back=me,
        crumbs=[(me, _("My page"))],
        verb=_("Give this device an address"),
        template="people/devices.html",
        more={
            "devices": [
                {
                    "id": row.id,
                    "name": row.name,
                    "place": places.get(row.operation_id, row.operation_id),
                    "since": wording.day(row.made_at),
                    "until": wording.day(row.expires_at),
                }
                for row in queries.devices_of(g.identity.person)
            ]
        },
    )


def _shown_once(name: str, until: str, secret: str) -> Any:
    address = f"{current_app.config['RELAIS'].base_url}/openrosa/{secret}"
    return make_response(render_template("people/device_address.html", name=name, until=until, address=address))


@people.post("/me/devices/<device_id>/withdraw")
def withdraw_device(device_id: str) -> Any:
    """It is lost, or somebody else's now: nothing it sends is taken any more."""
    row = actions.withdraw_device(g.identity, device_id)
    flash(_("%(name)s cannot send anything any more.", name=row.name), "done")
    return redirect(url_for("people.my_devices"), code=303)

"""Doors: the zones of an operation, and the places where households may wish to live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow.errors import NotFound
from workflow.operations import actions, queries
from workflow.operations.models import Operation
from workflow.operations.pages.blueprint import operations, set_up, trail
from workflow.operations.pages.removing import remove
from workflow.web import fields, listed
from workflow.web.editing import Desk, edit

Named = tuple[str, str]
"""(slug, name)."""


class NameForm(fields.Sheet):
    """`version` is the name that was shown."""

    name = fields.name_field(later("Name"), later("Write a name."), 120)


@operations.get("/operations/<operation>/<any(zones, places):what>")
def names(operation: str, what: str) -> Any:
    row, known, told = set_up(operation), _entries(operation, what), _words(what)
    add = (url_for("operations.new_named", operation=row.id, what=what), told.add)
    return listed.show(
        listed.Listed(
            title=told.title,
            lead=told.lead,
            columns=[listed.Column(_("Name"), lambda one: one[1], lambda one: _cell(row.id, what, one), width=40)],
            rows=known,
            known=len(known),
            counted=told.counted,
            empty=listed.Empty(told.nothing, told.first, *add),
            primary=add,
            place=row.name,
            file_name=f"{_FILES[what]}-{row.id}",
            private=False,
            more={"crumbs": trail(row)},
        ),
        "operations/listed.html",
    )


_FILES = {"zones": "zones", "places": "lieux"}


@dataclass(frozen=True)
class Words:
    """How the page speaks of zones or of places."""

    title: str
    lead: str
    add: str
    nothing: str
    first: str
    counted: Callable[[int], str]


def _words(what: str) -> Words:
    if what == "zones":
        return Words(
            _("Zones"),
            _("The parts of the operation: where buildings stand, and what figures are counted by."),
            _("Add a zone"),
            _("No zone yet"),
            _("Without zones, the operation is one whole. Add them only if figures are counted apart."),
            lambda count: ngettext("%(num)s zone", "%(num)s zones", count),
        )
    return Words(
        _("Places to live"),
        _("Where households may wish to live: the list they choose from in the diagnosis."),
        _("Add a place"),
        _("No place yet"),
        _("Add the neighbourhoods and towns in which dwellings can be offered."),
        lambda count: ngettext("%(num)s place", "%(num)s places", count),
    )


def _cell(operation: str, what: str, entry: Named) -> dict[str, str]:
    return {"text": entry[1], "url": url_for("operations.named", operation=operation, what=what, slug=entry[0])}


def _entries(operation: str, what: str) -> list[Named]:
    found = {"zones": queries.zones, "places": queries.places}.get(what)
    if found is None:
        raise NotFound()
    return [(slug, label.get("fr", slug)) for slug, label in found(operation).items()]


def _entry(operation: str, what: str, slug: str) -> str:
    name = dict(_entries(operation, what)).get(slug)
    if name is None:
        raise NotFound()
    return name


@operations.route("/operations/<operation>/<any(zones, places):what>/new", methods=["GET", "POST"])
def new_named(operation: str, what: str) -> Any:
    row, form = set_up(operation), NameForm()
    title = _words(what).add
    return edit(
        _desk(row, what, title, title),
        form,
        lambda: actions.put_named(operation, what, form.name.data, g.identity.person),
        _("The name is added."),
    )


@operations.route("/operations/<operation>/<any(zones, places):what>/<slug>", methods=["GET", "POST"])
def named(operation: str, what: str, slug: str) -> Any:
    row = set_up(operation)
    name = _entry(operation, what, slug)
    form = NameForm(data={"name": name, "version": name})
    leave = url_for("operations.remove_named", operation=operation, what=what, slug=slug)
    return edit(
        _desk(row, what, name, _("Keep this name"), leave),
        form,
        lambda: actions.put_named(
            operation, what, form.name.data, g.identity.person, slug=slug, shown=form.version.data
        ),
        _("The name is changed."),
        lambda: _fresh(operation, what, slug),
    )


def _fresh(operation: str, what: str, slug: str) -> tuple[NameForm, int]:
    name = _entry(operation, what, slug)
    return NameForm(formdata=None, data={"name": name}), name


def _desk(row: Operation, what: str, title: str, verb: str, leave: str = "") -> Desk:
    back = url_for("operations.names", operation=row.id, what=what)
    lead = _("Diagnoses begun from now on follow it; those under way stay as they are.")
    return Desk(
        title,
        lead,
        back,
        trail(row, (back, _words(what).title)),
        verb,
        (leave, _("Remove this name")) if leave else None,
    )


@operations.route("/operations/<operation>/<any(zones, places):what>/<slug>/remove", methods=["GET", "POST"])
def remove_named(operation: str, what: str, slug: str) -> Any:
    row = set_up(operation)
    name = _entry(operation, what, slug)
    return remove(
        _desk(row, what, _("Remove %(name)s", name=name), _("Remove this name")),
        0,
        queries.hanging(operation, "zone", slug) if what == "zones" else {},
        lambda _version: actions.remove_named(operation, what, slug, g.identity.person),
        _("The name is removed."),
    )

"""Doors: an operation begun: step by step, as a copy of another, or from a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import SelectMultipleField
from wtforms.validators import Optional

from workflow import access
from workflow.catalogue import queries as catalogue
from workflow.errors import NotFound
from workflow.exchange.actions import beginning
from workflow.exchange.pages.blueprint import exchange
from workflow.exchange.rules.beginning import counted
from workflow.operations import queries as operations
from workflow.operations.rules import ZONES
from workflow.people import queries as people
from workflow.people.actions import OrganisationDraft
from workflow.people.rules import KINDS
from workflow.web import fields, spoken
from workflow.web.editing import Desk, edit

MODELS = Path(__file__).resolve().parents[3] / "templates" / "operations"
NEW, SAME = "+", "="


class BeginningForm(fields.Sheet):
    name = fields.name_field(
        later("Short name"), later("Give the operation a name."), 80, description=later("As people call it: Mistral.")
    )
    label = fields.words(later("Full name, as it stands on papers"), 200)
    city = fields.name_field(later("City"), later("Say in which city it takes place."), 120)
    owner = fields.choice(
        later("Who carries it"),
        later("Choose the organisation that carries the operation."),
        description=later("It answers for the operation and for the personal data."),
    )
    new_name = fields.words(later("Its name"), 200)
    new_kind = fields.choice(later("What it is"))
    starts = fields.day(later("First day"))
    ends = fields.day(later("Last day"))
    zone = fields.choice(later("Local time"), later("Choose where the operation takes place."))
    zones = fields.paragraph(
        later("Zones, if figures are counted apart"),
        2000,
        description=later("One a line, for example: inside the renewal area. They can be added later."),
    )
    procedures = SelectMultipleField(later("Forms used in this operation"), [Optional()], choices=[])

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.owner.data == NEW and not self.new_name.data:
            self.refuse("new_name", "Write the name of the new organisation.")
        if self.owner.data == NEW and not self.new_kind.data:
            self.refuse("new_kind", "Say what kind of organisation it is.")
        return sound and not self.errors


@exchange.get("/operations/new")
def begin() -> Any:
    """Three ways to begin."""
    _may()
    mine = {one for one in g.identity.operations if access.may_set_up(g.identity, one)}
    return render_template(
        "exchange/begin.html",
        copies=operations.operations(mine),
        models=[(slug, told["short"], told["city"]) for slug, told in beginning.models(MODELS).items()],
    )


@exchange.route("/operations/new/guided", methods=["GET", "POST"])
def begin_guided() -> Any:
    _may()
    return _form("guided", {}, {})


@exchange.route("/operations/new/copy/<source>", methods=["GET", "POST"])
def begin_copy(source: str) -> Any:
    _may()
    row = operations.operation(source)
    if row is None or not access.may_set_up(g.identity, source):
        raise NotFound()
    told = operations.described(source) | {"procedures": catalogue.followed(source)}
    return _form(f"copy:{source}", told, {"city": row.city, "owner": row.owner, "zone": row.zone}, row.name)


@exchange.route("/operations/new/model/<source>", methods=["GET", "POST"])
def begin_model(source: str) -> Any:
    _may()
    told = beginning.models(MODELS).get(source)
    if told is None:
        raise NotFound()
    shown = {"name": told["short"], "label": told["name"]["fr"], "city": told["city"], "zone": told["timezone"]}
    return _form(f"model:{source}", told, shown | {"owner": SAME}, told["short"])


def _may() -> None:
    if not access.administers(g.identity):
        raise NotFound()


def _form(origin: str, model: dict[str, Any], shown: dict[str, Any], of: str = "") -> Any:
    published = catalogue.in_service()
    form = BeginningForm(data={"zone": "Europe/Paris", "procedures": published, **shown})
    _lists(form, model if origin.startswith("model") else {}, published)
    desk = Desk(
        title=_title(origin, of),
        lead=_("A few lines are enough: what is missing can be added later."),
        back=url_for("exchange.begin"),
        crumbs=[
            (url_for("operations.every"), _("Operations")),
            (url_for("exchange.begin"), _("Begin an operation")),
        ],
        verb=_("Begin this operation"),
        template="exchange/begin_form.html",
        more={"counts": counted(model), "guided": origin == "guided"},
    )

    def save() -> str:
        row = beginning.begin(_told(form, origin, model), g.identity)
        return url_for("exchange.overview", operation=row.id)

    return edit(desk, form, save, _("The operation is begun. Here is what to do next."))


def _title(origin: str, of: str) -> str:
    if origin == "guided":
        return _("Begin an operation step by step")
    if origin.startswith("copy"):
        return _("Begin an operation as %(name)s", name=of)
    return _("Begin an operation on the model of %(name)s", name=of)


def _lists(form: BeginningForm, model: dict[str, Any], published: list[str]) -> None:
    same = [(SAME, _name_of(model, model["owner"]))] if model else []
    known = [(one.slug, one.name) for one in people.organisations()]
    form.choose(
        owner=[*same, *known, (NEW, _("A new organisation: I write its name below"))],
        new_kind=[(kind, _(label)) for kind, label in KINDS.items()],
        zone=[(zone, _(label)) for zone, label in ZONES.items()],
    )
    form.procedures.choices = [(slug, _label(slug)) for slug in published]


def _name_of(model: dict[str, Any], slug: str) -> str:
    name = next(told["name"] for told in model["organisations"] if told["slug"] == slug)
    return _("As in the model: %(name)s", name=name)


def _label(slug: str) -> str:
    published = catalogue.current(slug)
    return spoken.label(published.label) if published else slug


def _told(form: BeginningForm, origin: str, model: dict[str, Any]) -> beginning.Beginning:
    chosen = form.owner.data
    draft = OrganisationDraft(form.new_name.data, form.new_kind.data, form.city.data) if chosen == NEW else None
    lines = [" ".join(line.split())[:120] for line in (form.zones.data or "").splitlines()]
    return beginning.Beginning(
        name=form.name.data,
        label=form.label.data or "",
        city=form.city.data,
        zone=form.zone.data,
        owner="" if chosen in (NEW, SAME) else chosen,
        new_owner=draft,
        starts=form.starts.data,
        ends=form.ends.data,
        procedures=tuple(form.procedures.data or ()),
        zones=tuple(filter(None, lines)),
        origin=origin,
        model=model,
    )

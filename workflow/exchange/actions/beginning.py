"""Begin an operation: guided, copied from another, or from one of the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.exc import IntegrityError

from workflow import access, clock
from workflow.access import Identity
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import courses
from workflow.db import Scope, scoped
from workflow.errors import FieldError, Invalid, NotFound
from workflow.exchange.rules.beginning import course_of, taken_from
from workflow.operations import actions as operations
from workflow.operations.models import Operation
from workflow.operations.queries import every_operation
from workflow.operations.rules import slug_of
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.actions import OrganisationDraft
from workflow.people.rules import folded
from workflow.record import actions as record
from workflow.record.models import chain_of


@dataclass(frozen=True)
class Beginning:
    """What is told of a new operation. owner: slug of the organisation that carries it, or a new one to be added.

    Without either, whoever carries the model. procedures: slugs of the published forms it uses. zones: names.
    """

    name: str
    city: str
    zone: str = "Europe/Paris"
    owner: str = ""
    new_owner: OrganisationDraft | None = None
    label: str = ""
    starts: date | None = None
    ends: date | None = None
    procedures: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    origin: str = "guided"  # guided | copy:ID | model:SLUG
    model: Mapping[str, Any] = field(default_factory=dict)


def begin(told: Beginning, identity: Identity) -> Operation:
    """A new operation, described by whoever begins it. Nothing half done: all of it in this transaction, or nothing.

    Raises Invalid (name taken in that city, days, organisation known already) and NotFound without the right.
    """
    if not access.administers(identity):
        raise NotFound()
    operations.check_days({"starts": told.starts, "ends": told.ends})
    operations.free_name(told.name, told.city)
    slug = slug_of(told.name, {row.id for row in every_operation()})
    with scoped(Scope(identity.operations | {slug})):
        names = _organisations(told.model, identity.person)
        owner = _owner(told, names, identity.person)
        taken = taken_from(told.model, names, owner)
        row = _put(told, slug, owner, taken, identity.person)
        for body in taken["bodies"]:
            _body(slug, body, identity.person)
        for procedure in told.procedures:
            catalogue.adopt(slug, procedure, variant=_course(told, slug, procedure))
        _look_after(row, identity)
        about = {"origin": told.origin, "procedures": list(told.procedures)}
        record.note(chain_of(slug), f"operation:{slug}", "OperationBegun", {"person": identity.person}, **about)
    return row


def _course(told: Beginning, operation: str, procedure: str) -> str:
    """That of the model, as far as the form in use still knows it."""
    wanted = course_of(told.model, procedure)
    known = (one.variant.name for one in courses(operation, procedure))
    return wanted if wanted in known else ""


def _put(told: Beginning, slug: str, owner: str, taken: dict[str, Any], by: str) -> Operation:
    described = {
        "slug": slug,
        "short": told.name,
        "name": {"fr": told.label or told.name},
        "city": told.city,
        "owner": owner,
        "timezone": told.zone,
        "programme": {"from": told.starts, "to": told.ends},
        "zones": _zones(told.zones) or taken.get("zones", []),
    }
    try:
        return operations.put_operation({**taken, **described}, by)
    except IntegrityError as clash:  # another one of that name, begun at the same moment
        raise Invalid([FieldError("name", "There is already an operation of that name in this city.")]) from clash


def _zones(names: tuple[str, ...]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        if folded(name) not in {folded(entry["label"]["fr"]) for entry in found.values()}:
            slug = slug_of(name, set(found))
            found[slug] = {"slug": slug, "label": {"fr": name}}
    return list(found.values())


def _owner(told: Beginning, names: Mapping[str, str], by: str) -> str:
    if told.new_owner is not None:
        return _new_owner(told.new_owner, by)
    if told.owner:
        if who.organisation(told.owner) is None:
            raise Invalid([FieldError("owner", "Choose the organisation that carries the operation.")])
        return told.owner
    return names[told.model["owner"]]


def _new_owner(told: OrganisationDraft, by: str) -> str:
    """On its page the name of an operation and that of its new organisation are asked together."""
    try:
        return people.add_organisation(told, by).slug
    except Invalid as problem:
        errors = [FieldError(f"new_{error.field}", error.message, error.params) for error in problem.errors]
        raise Invalid(errors) from problem


def _organisations(model: Mapping[str, Any], by: str) -> dict[str, str]:
    """{organisation in the model: organisation here}: known by its name, or added now under the model's own slug."""
    found = {}
    for told in model.get("organisations", ()):
        same = who.same_organisation(told["name"])
        found[told["slug"]] = same.slug if same else _organisation(told, model.get("city", ""), by)
    return found


def _organisation(told: Mapping[str, Any], city: str, by: str) -> str:
    if who.organisation(told["slug"]) is None:
        return people.put_organisation(told["slug"], told["name"], told["kind"], told.get("city", city), by).slug
    return people.add_organisation(OrganisationDraft(told["name"], told["kind"], told.get("city", city)), by).slug


def _body(operation: str, told: Mapping[str, Any], by: str) -> None:
    row = people.put_body(
        operation,
        told["slug"],
        told["label"],
        told["quorum"],
        told["rhythm"],
        chair=told["chair"],
        decides=told["decides"],
        by=by,
    )
    for seat in told["seats"]:
        people.seat(row, seat["organisation"], None, None, guest=seat["guest"], by=by)


def _look_after(row: Operation, identity: Identity) -> None:
    """Whoever begins an operation describes it."""
    held = next(grant for grant in identity.grants if grant.role == "administrator" and grant.operation is None)
    people.assign(
        identity.person,
        "administrator",
        held.organisation,
        row.id,
        since=clock.today(row.zone),
        employer=held.employer,
        by=identity.person,
    )


def models(folder: Path) -> dict[str, dict[str, Any]]:
    """{slug: description} of the operations that may serve as a model."""
    found = (yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml")))
    return {told["slug"]: told for told in found}

"""Which steps of the forms used in an operation nobody can do yet, and where that is mended."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, url_for
from flask_babel import gettext as _

from workflow import access
from workflow.catalogue import queries as catalogue
from workflow.circuit.model import Stage, Step, Who
from workflow.people import queries as people
from workflow.web.spoken import label


@dataclass(frozen=True)
class Idle:
    """A step that nobody can do. words: the role or the body it asks; url, action: where that is mended."""

    procedure: str
    step: str
    words: str
    url: str | None
    action: str


def idle(operation: str) -> list[Idle]:
    """Steps of the forms used here that wait for a role nobody holds, or for a body nobody sits in."""
    found = []
    for slug in catalogue.adopted(operation):
        published = catalogue.current(slug, operation)
        for stage in published.circuit.stages if published else ():
            for step in stage.steps:
                who = _asked(step)
                if who is not None and not _held(operation, who):
                    missing = _body(operation, stage) if who.body else _role(operation, who)
                    found.append(Idle(label(published.label), label(step.label), *missing))
    return found


def vacant(operation: str) -> list[tuple[str, str, str | None]]:
    """[(body, organisation, the page of the seat)]: seats with a voice, in bodies that decide, nobody sits in."""
    names = people.organisation_names()
    return [
        (
            label(body.label),
            names.get(seat.organisation, ""),
            page_url("people.change_seat", operation, slug=body.slug, seat_id=seat.id),
        )
        for body in people.bodies(operation)
        if body.decides
        for seat in people.seats_of(body)
        if not seat.guest and not seat.person_id
    ]


def _body(operation: str, stage: Stage) -> tuple[str, str | None, str]:
    """A body is called like the stage in which it decides."""
    return label(stage.label), page_url("people.bodies", operation), _("Say who sits in it")


def _role(operation: str, who: Who) -> tuple[str, str | None, str]:
    role = next(iter(who.role), "")
    url = page_url("people.new_assignment", operation, role=role)
    return _(people.role_label(role)), url, _("Give this role to somebody")


def _asked(step: Step) -> Who | None:
    """Whom the step asks: for a household, who records what it says; None when the answers name the person."""
    who = step.record_by if "household" in step.who.role else step.who
    return None if who is None or who.person_from else who


def _held(operation: str, who: Who) -> bool:
    held = people.holders(operation, who.role, [who.body] if who.body else [])
    return any(not who.organisation or one.organisation in who.organisation for one in held)


def page_url(endpoint: str, operation: str, **more: str) -> str | None:
    """Its page, for who may come to it."""
    if endpoint not in current_app.view_functions or not access.may_come(endpoint, g.identity):
        return None
    return url_for(endpoint, operation=operation, **more)

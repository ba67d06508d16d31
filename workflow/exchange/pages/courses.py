"""Doors: the courses a form may take in an operation, drawn with their steps; one of them is chosen."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow import access
from workflow.catalogue import actions, queries
from workflow.catalogue.queries import Course
from workflow.circuit.model import Kind, Stage, Step, Who
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.exchange.pages.blueprint import exchange
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web.spoken import label as said

KINDS = {
    Kind.FILL: later("Fill in"),
    Kind.VISA: later("Check"),
    Kind.OPINION: later("Give an opinion"),
    Kind.APPROVAL: later("Decide"),
    Kind.SIGNATURE: later("Read and sign"),
    Kind.INFORMATION: later("Be informed"),
}


@exchange.route("/operations/<operation>/forms/<slug>/course", methods=["GET", "POST"])
def course(operation: str, slug: str) -> Any:
    """Every course before its eyes: whom it suits, its stages drawn, its steps. Then one is chosen."""
    place = find_operation(operation)
    if place is None or not access.may_set_up(g.identity, operation) or not queries.with_courses(slug):
        raise NotFound()
    if request.method == "GET":
        return _page(place, slug)
    try:
        wanted, seen = request.form.get("course", ""), request.form.get("seen", "")
        actions.choose_course(g.identity, operation, slug, wanted, seen)
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(place, slug, _(problem.message, **problem.params)), 409
    flash(_("From now on new files take this course. Those under way stay on theirs."), "done")
    return redirect(url_for("exchange.overview", operation=operation, _anchor="forms"), code=303)


def _page(place: Operation, slug: str, refusal: str = "") -> str:
    now = queries.current(slug, place.id)
    if now is None:
        raise NotFound()
    known = queries.courses(place.id, slug)
    words = _Words(place.id, now.settings)
    return render_template(
        "exchange/courses.html",
        place=place,
        label=said(now.label),
        courses=[words.course(one) for one in known],
        seen=queries.followed_in(place.id, slug),
        used=slug in queries.adopted(place.id),
        refusal=refusal,
    )


class _Words:
    """How a circuit is told: roles by their name in the procedure, bodies by theirs in the operation."""

    def __init__(self, operation: str, settings: dict[str, Any]) -> None:
        self.roles = settings.get("roles", {})
        self.bodies = {body.slug: said(body.label) for body in people.bodies(operation)}

    def course(self, one: Course) -> dict[str, Any]:
        return {
            "name": one.variant.name,
            "label": said(one.variant.label),
            "describe": said(one.variant.describe),
            "followed": one.followed,
            "stages": [self.stage(stage) for stage in one.circuit.stages],
        }

    def stage(self, stage: Stage) -> dict[str, Any]:
        steps = [self.step(step) for step in stage.steps]
        conditional = bool(stage.condition) or all(step.condition for step in stage.steps)
        who = list(dict.fromkeys(step["who"] for step in steps))
        return {"label": said(stage.label), "steps": steps, "conditional": conditional, "who": " + ".join(who)}

    def step(self, step: Step) -> dict[str, str]:
        delay = ngettext("%(num)s working day", "%(num)s working days", step.delay) if step.delay else ""
        return {
            "label": said(step.label),
            "kind": str(KINDS[step.kind]),
            "who": self.who(step.who),
            "delay": delay,
            "conditional": _("only when the answers call for it") if step.condition else "",
        }

    def who(self, who: Who) -> str:
        if who.body:
            return self.bodies.get(who.body) or _("a body that this operation does not have yet")
        if who.person_from:
            return _("A person named in the answers")
        return " / ".join(self.role(role) for role in who.role)

    def role(self, role: str) -> str:
        told = self.roles.get(role, {}).get("label")
        return said(told) if told else _(people.role_label(role))

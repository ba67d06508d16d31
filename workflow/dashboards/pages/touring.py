"""Doors: the first day, step by step; to be resumed, done again, or put away."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from workflow.dashboards.pages.blueprint import dashboards
from workflow.dashboards.queries import touring
from workflow.dashboards.queries.touring import DISMISSED, Step
from workflow.errors import NotFound
from workflow.people import actions as people
from workflow.web import places, spoken


@dashboards.get("/tour")
def tour() -> Any:
    seen, lang = touring.seen(g.identity), spoken.lang()
    steps = [_told(step, step.id in seen, lang) for step in touring.steps_of(g.identity)]
    return render_template(
        "dashboards/tour.html",
        steps=steps,
        done=sum(step["done"] for step in steps),
        dismissed=DISMISSED in seen,
    )


@dashboards.post("/tour/<step>")
def tour_step(step: str) -> Any:
    """Tick a step, or untick it; "dismissed" puts the whole tour away, or brings it back."""
    if step != DISMISSED and step not in {one.id for one in touring.steps_of(g.identity)}:
        raise NotFound()
    people.tick_tour(g.identity.person, step)
    if step == DISMISSED:
        away = DISMISSED in touring.seen(g.identity)
        flash(
            _("The first day is put away. You find it again in the menu under your name.")
            if away
            else _("The first day is back."),
            "done",
        )
        return redirect(url_for("approvals.waiting" if away else "dashboards.tour"), code=303)
    return redirect(url_for("dashboards.tour", _anchor=f"step-{step}"), code=303)


def _told(step: Step, done: bool, lang: str) -> dict[str, Any]:
    return {
        "id": step.id,
        "label": step.label.get(lang) or step.label["fr"],
        "text": step.text.get(lang) or step.text["fr"],
        "url": _url(step.endpoint),
        "done": done,
    }


def _url(endpoint: str) -> str | None:
    """The page of a step: of the operation last looked at when it is about one."""
    for told in ({}, {places.KEY: places.here_or_none(g.identity)}):
        try:
            return url_for(endpoint, **told)
        except BuildError:
            continue
    return None

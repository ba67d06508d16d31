"""Door: the whole course of a dossier, from its opening to what is still to come: read, and printed on A4."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.queries.turns import turns
from workflow.circuit.decide import forecast
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.turns_told import TurnsTold
from workflow.dossiers.pages.wording import stamp
from workflow.record.queries import facts
from workflow.web.spoken import label

AT_ONCE = 100
"""Turns on one page; a longer course shows its end first, the whole of it on demand."""


@dossiers.get("/dossiers/<reference>/course")
def timeline(reference: str) -> str:
    page = Page(reference)
    told = TurnsTold(page).told(turns(page.file.published, facts(page.file.row.subject)))
    shown = told if request.args.get("all") else told[-AT_ONCE:]
    return render_template(
        "dossiers/timeline.html",
        **page.frame(),
        stages=page.course.stages(),
        turns=shown,
        earlier=len(told) - len(shown),
        next_sentence=page.course.next_sentence(),
        to_come=_to_come(page),
        printed_at=stamp(clock.now(), page.zone),
    )


def _to_come(page: Page) -> list[dict[str, Any]]:
    """Stages after the present one, with whom each will ask, if everybody agrees and the answers stay as they are."""
    known, circuit = page.file.known, page.file.published.circuit
    labels = {stage.id: label(stage.label) for stage in circuit.stages}
    told = [
        {
            "stage": labels[stage.stage],
            "steps": [_step(page, one.step) for one in stage.steps if one.status == "coming"],
        }
        for stage in forecast(circuit, known.state, known.context)[1:]
    ]
    return [stage for stage in told if stage["steps"]]


def _step(page: Page, step_id: str) -> str:
    step = page.file.published.circuit.step(step_id)
    who = page.course.asked(step) or _("nobody at the moment")
    return _("%(step)s: %(who)s", step=label(step.label), who=who)

"""Door: who acts at each step of each procedure of an operation today, and where nobody can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access
from workflow.approvals.pages.acting import Acting, Row, acting
from workflow.approvals.pages.blueprint import approvals
from workflow.catalogue.queries import adopted, current
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.web import listed
from workflow.web.spoken import label as said


@dataclass(frozen=True)
class Line:
    """One person at one step; an empty one where nobody can act."""

    procedure: str
    step: Row
    who: str = ""
    organisation: str = ""
    state: str = ""


@approvals.get("/operations/<operation>/who-acts")
def who_acts(operation: str) -> Any:
    """Stage by stage, step by step, in plain words; printed on A4, or as a workbook with one line for each person."""
    place = find_operation(operation) if operation in g.identity.operations else None
    if place is None:
        raise NotFound()
    procedures = [acting(published, place) for published in _procedures(place)]
    lines = [line for one in procedures for line in _lines(one)]
    return listed.show(
        listed.Listed(
            title=_("Who acts at each step"),
            lead=_("For each procedure, stage by stage: who may do it today, and where somebody is missing."),
            columns=_columns(),
            rows=lines,
            known=len(lines),
            empty=listed.Empty(
                _("No procedure yet"),
                _("Once this operation uses a procedure, this page says who acts at each of its steps."),
            ),
            counted=lambda count: ngettext("%(num)s line", "%(num)s lines", count),
            place=place.name,
            file_name="qui-agit",
            more={
                "procedures": procedures,
                "holes": sum(bool(row.troubles) for one in procedures for stage in one.stages for row in stage.rows),
                "sets_up": access.may_set_up(g.identity, operation),
                "operation_id": operation,
            },
            private=False,
        ),
        "approvals/who_acts.html",
    )


def _procedures(place: Operation) -> list[Any]:
    found = [current(slug, place.id) for slug in adopted(place.id)]
    return sorted((one for one in found if one), key=lambda one: said(one.label))


def _lines(told: Acting) -> Iterator[Line]:
    for stage in told.stages:
        for row in stage.rows:
            for one in row.actors:
                yield Line(told.label, row, one.name, one.organisation, one.note)
            for trouble in (*row.troubles, *row.vacant):
                yield Line(told.label, row, state=trouble.sentence)


def _columns() -> list[listed.Column]:
    return [
        listed.Column(_("Procedure"), lambda line: line.procedure, width=24),
        listed.Column(_("Stage"), lambda line: line.step.stage, width=24),
        listed.Column(_("Step"), lambda line: line.step.label, width=34),
        listed.Column(_("What is asked"), lambda line: line.step.kind, width=20),
        listed.Column(_("How it is decided"), lambda line: line.step.rule, width=30),
        listed.Column(_("Asked of"), lambda line: line.step.asked, width=30),
        listed.Column(_("Person"), lambda line: line.who, width=26),
        listed.Column(_("Organisation"), lambda line: line.organisation, width=26),
        listed.Column(_("To know"), lambda line: line.state, width=46),
    ]

"""Hand-overs: planned, done, cancelled; what their sheet tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow import clock
from workflow.approvals import queries as approvals
from workflow.approvals.models import Task
from workflow.catalogue.queries import version
from workflow.circuit.absences import Absence as Away
from workflow.circuit.deadlines import last_day
from workflow.db import db
from workflow.dossiers.models import Dossier, Handover, Household
from workflow.dossiers.queries.held import Line, assignments, held
from workflow.errors import NotFound
from workflow.people import queries as people

PLANNED, DONE, CANCELLED, STOPPED = "planned", "done", "cancelled", "stopped"


def handovers(operation: str) -> list[Handover]:
    """Those of an operation, the latest hour first."""
    asked = select(Handover).where(Handover.operation_id == operation)
    return list(db.session.scalars(asked.order_by(Handover.at.desc(), Handover.id)))


def handover(handover_id: str, operation: str | None = None) -> Handover:
    """Within the scope. Raises NotFound."""
    row = db.session.scalar(select(Handover).where(Handover.id == handover_id))
    if row is None or operation not in (None, row.operation_id):
        raise NotFound()
    return row


def not_let_go() -> tuple[int, list[str]]:
    """(departures done, ids of those whose person holds nothing any more but still owns something), of the scope."""
    done = list(db.session.scalars(select(Handover).where(Handover.state == DONE).order_by(Handover.id)))
    gone = [row for row in done if not assignments(row.person, row.operation_id)]
    return len(done), [row.id for row in gone if held(row.person, row.operation_id)]


def planned_for(person: str) -> list[Handover]:
    """Departures that were planned and not yet done, within the scope."""
    asked = select(Handover).where(Handover.person == person, Handover.state.in_((PLANNED, STOPPED)))
    return list(db.session.scalars(asked.order_by(Handover.at)))


def passed_to(row: Handover) -> dict[str, str]:
    """{line id: who took it over}; empty before it is done."""
    told: dict[str, str] = row.passed.get("to", {})
    return told


def passed_lines(row: Handover) -> list[tuple[Line, str]]:
    """Roles, seats and absences that passed, as they were: (line, who took it over)."""
    told: list[dict[str, Any]] = row.passed.get("lines", [])
    lines = [_as_it_was(row, line) for line in told if line["kind"] in ("role", "seat", "absence")]
    return [(line, passed_to(row)[line.id]) for line in lines]


def _as_it_was(row: Handover, told: dict[str, Any]) -> Line:
    line = Line(told["id"], told["kind"], row.operation_id, told["reference"], told["organisation"])
    if line.kind != "absence":
        return line
    kept = people.absence(line.key)
    away = Away(kept.person_id, kept.substitute_id, kept.first_day, kept.last_day) if kept else None
    return replace(line, about=line.reference, away=away)


@dataclass(frozen=True)
class SheetRow:
    """One household that passed: its latest dossier, the open steps (labels by language), the nearest deadline."""

    household: Household
    dossier: Dossier | None
    heir: str
    steps: tuple[Mapping[str, str], ...] = ()
    due: date | None = None
    late: bool = False
    sent_back: bool = False


def sheet(row: Handover, zone: str) -> list[SheetRow]:
    """What passed, household by household, as it stands now; what is asked soonest first.

    References and steps: nothing anybody answered.
    """
    homes = _households(row)
    latest = _latest(homes)
    tasks = approvals.tasks(dossier.subject for dossier in latest.values())
    rows = select(Household).where(Household.id.in_(homes)).order_by(Household.reference)
    told = [_sheet_row(home, latest.get(home.id), homes[home.id], tasks, zone) for home in db.session.scalars(rows)]
    return sorted(told, key=lambda one: (one.due or date.max, not one.steps, one.dossier is None))


def _households(row: Handover) -> dict[str, str]:
    """{household id: who follows it, or carries its dossier, from now on}."""
    found: dict[str, str] = {}
    dossiers = {}
    for key, heir in passed_to(row).items():
        kind, _colon, row_id = key.partition(":")
        if kind == "household":
            found[row_id] = heir
        elif kind == "dossier":
            dossiers[row_id] = heir
    for dossier in db.session.scalars(select(Dossier).where(Dossier.id.in_(dossiers))):
        if dossier.household_id:
            found.setdefault(dossier.household_id, dossiers[dossier.id])
    return found


def _latest(homes: Iterable[str]) -> dict[str, Dossier]:
    """By household: the last dossier that counts."""
    asked = select(Dossier).where(Dossier.household_id.in_(set(homes)), Dossier.void_at.is_(None))
    rows = db.session.scalars(asked.order_by(Dossier.opened_at))
    return {row.household_id: row for row in rows if row.household_id}


def _sheet_row(
    home: Household, dossier: Dossier | None, heir: str, tasks: Mapping[str, list[Task]], zone: str
) -> SheetRow:
    if dossier is None:
        return SheetRow(home, None, heir)
    circuit, waiting = version(dossier.procedure).circuit, tasks.get(dossier.subject, [])
    deadlines = [task.due for task in waiting if task.due]
    due = min(deadlines, default=None)
    return SheetRow(
        home,
        dossier,
        heir,
        tuple(circuit.step(task.step).label for task in waiting),
        last_day(due, zone) if due else None,
        due is not None and due < clock.now(),
        any(task.sent_back for task in waiting),
    )

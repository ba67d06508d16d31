"""What somebody holds in an operation: all of it must pass to somebody else before they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from workflow import clock
from workflow.approvals.models import Task, Voter
from workflow.circuit.absences import Absence as Away
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.rules import UNFOLLOWED
from workflow.people import queries as people
from workflow.people.models import Absence, Assignment, Body, Seat


@dataclass(frozen=True)
class Line:
    """One thing somebody holds. `id` is "kind:…", unique in the operation; `reference` is what it is called: a
    household, a dossier, a body, a role. `about`: the person it concerns, for a substitution. `holder`: who holds it.
    """

    id: str
    kind: str  # one of rules.HELD
    operation: str
    reference: str
    organisation: str | None = None
    step: str = ""  # of a task: the circuit names it
    procedure: str = ""  # hash of its version
    about: str = ""
    away: Away | None = None
    substitute: bool = False  # a seat taken when its holder cannot come
    holder: str = ""

    @property
    def key(self) -> str:
        return self.id.partition(":")[2]


def held(person: str, operation: str, roles: Iterable[Assignment] | None = None) -> list[Line]:
    """Everything, by kind: roles, seats, open tasks, dossiers carried, households followed, absences stood in for.

    `roles`: the assignments that end, when they are known; else all of them.
    """
    seats = list(_seats(person, operation))
    rows = assignments(person, operation) if roles is None else roles
    others = (_tasks, _dossiers, _households, _substitutions)
    found = (*_roles(rows, operation, seats), *seats, *(line for kind in others for line in kind(person, operation)))
    return [replace(line, holder=person) for line in found]


def assignments(person: str, operation: str | None) -> list[Assignment]:
    """Assignments of a person in an operation that hold now or will hold; None: those for the whole installation."""
    asked = select(Assignment).where(Assignment.person_id == person, people.not_over())
    return list(db.session.scalars(asked.where(Assignment.operation_id == operation).order_by(Assignment.id)))


def persons_through(operation: str, organisation: str) -> list[str]:
    """Who acts for an organisation in an operation, or is paid by it, now or later."""
    here = select(Assignment.person_id).where(Assignment.operation_id == operation, people.not_over())
    asked = here.where(or_(Assignment.organisation == organisation, Assignment.employer == organisation))
    return sorted(set(db.session.scalars(asked)))


def missions(operation: str) -> dict[str, int]:
    """{organisation: how many persons act for it in the operation, or are paid by it}, now or later."""
    asked = select(Assignment).where(Assignment.operation_id == operation, people.not_over())
    found: dict[str, set[str]] = {}
    for row in db.session.scalars(asked):
        for organisation in {row.organisation, row.employer} - {None}:
            found.setdefault(str(organisation), set()).add(row.person_id)
    return {organisation: len(persons) for organisation, persons in sorted(found.items())}


def _roles(rows: Iterable[Assignment], operation: str, seats: list[Line]) -> Iterator[Line]:
    """Roles held by themselves. Those that come with a seat pass on with it."""
    seated = {(line.reference, line.organisation) for line in seats}
    for row in rows:
        if (row.body, row.organisation) not in seated:
            yield Line(f"role:{row.id}", "role", operation, row.role, row.organisation)


def _seats(person: str, operation: str) -> Iterator[Line]:
    asked = select(Seat, Body.slug).join(Body, Body.id == Seat.body_id).where(Seat.operation_id == operation)
    asked = asked.where(or_(Seat.person_id == person, Seat.substitute_id == person)).order_by(Body.slug, Seat.id)
    for row, slug in db.session.execute(asked):
        yield Line(f"seat:{row.id}", "seat", operation, slug, row.organisation, substitute=row.person_id != person)


def _tasks(person: str, operation: str) -> Iterator[Line]:
    """Open steps that ask this person and were not answered. They follow the role or the seat."""
    asked = (
        select(Task.subject, Task.step, Dossier.reference, Dossier.procedure, Voter.organisation)
        .join(Voter, (Voter.subject == Task.subject) & (Voter.step == Task.step))
        .join(Dossier, Task.subject == "dossier:" + Dossier.id)
        .where(Voter.person == person, Voter.decided.is_(False), Task.operation_id == operation)
        .where(Voter.reason != "substitute")  # asked on behalf of somebody: it stays with them
        .order_by(Dossier.reference, Task.step)
        .distinct()
    )
    for subject, step, reference, procedure, organisation in db.session.execute(asked):
        yield Line(f"task:{subject}#{step}", "task", operation, reference, organisation or None, step, procedure)


def _dossiers(person: str, operation: str) -> Iterator[Line]:
    asked = select(Dossier).where(Dossier.operation_id == operation, Dossier.officer == person)
    asked = asked.where(Dossier.closed.is_(False), Dossier.void_at.is_(None)).order_by(Dossier.reference)
    for row in db.session.scalars(asked):
        yield Line(f"dossier:{row.id}", "dossier", operation, row.reference, procedure=row.procedure)


def _households(person: str, operation: str) -> Iterator[Line]:
    asked = select(Household).where(Household.operation_id == operation, Household.referent == person)
    asked = asked.where(Household.merged_into.is_(None), Household.state.not_in(UNFOLLOWED))
    for row in db.session.scalars(asked.order_by(Household.reference)):
        yield Line(f"household:{row.id}", "household", operation, row.reference)


def _substitutions(person: str, operation: str) -> Iterator[Line]:
    """Absences, of now or to come, of colleagues of this operation for whom this person stands in."""
    colleagues = select(Assignment.person_id).where(Assignment.operation_id == operation, people.not_over())
    asked = select(Absence).where(
        Absence.substitute_id == person, Absence.withdrawn_at.is_(None), Absence.last_day >= clock.today()
    )
    for row in db.session.scalars(asked.where(Absence.person_id.in_(colleagues)).order_by(Absence.first_day)):
        away = Away(row.person_id, person, row.first_day, row.last_day, frozenset(row.procedures))
        yield Line(f"absence:{row.id}", "absence", operation, row.person_id, about=row.person_id, away=away)

"""What is under way in an operation, for whoever looks after its procedures: open steps, whom they wait for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, exists, func, select, tuple_, union_all

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import Course, Task, Voter
from workflow.approvals.queries.mine import Wanted
from workflow.approvals.queries.standing import sought
from workflow.catalogue.queries import Published, adopted, current, version
from workflow.db import db
from workflow.people import queries as people
from workflow.record.models import Event
from workflow.record.queries import fact_of

_TOGETHER = 200  # subjects in one question


def managed(identity: Identity, operation: str) -> list[Published]:
    """The versions of procedures with open steps in an operation that this person looks after; nobody borrows that."""
    asked = select(Course.procedure).where(Course.operation_id == operation, Course.phase == "open").distinct()
    return [
        found for found in map(version, sorted(db.session.scalars(asked))) if looks_after(identity, operation, found)
    ]


def looks_after(identity: Identity, operation: str, published: Published) -> bool:
    who = published.circuit.managed_by
    own = [one for one in identity.grants_in(operation) if one.on_behalf_of is None]
    return who is not None and any(one.body == who.body if who.body else one.role in who.role for one in own)


def looks_after_something(identity: Identity, operation: str) -> bool:
    """Whether one of the procedures an operation uses now is looked after by this person."""
    if not any(one.on_behalf_of is None for one in identity.grants_in(operation)):
        return False
    return any(
        looks_after(identity, operation, found) for slug in adopted(operation) if (found := current(slug, operation))
    )


@dataclass(frozen=True)
class Line:
    """One open step: who is asked (persons with the organisation they speak for), when they were last reminded."""

    task: Task
    published: Published
    asked: tuple[Voter, ...]
    reminded: datetime | None


@dataclass(frozen=True)
class UnderWay:
    """The open steps of the procedures somebody looks after in an operation, at one moment."""

    identity: Identity
    operation: str
    versions: Sequence[Published]
    now: datetime = field(default_factory=clock.now)

    @cached_property
    def steps(self) -> dict[tuple[str, str], int]:
        """(hash of a version, step) → how many are open."""
        asked = self._asked().with_only_columns(Course.procedure, Task.step, func.count())
        return {
            (one, step): count for one, step, count in db.session.execute(asked.group_by(Course.procedure, Task.step))
        }

    @cached_property
    def asked(self) -> list[tuple[str, str, str, str]]:
        """(person, role, organisation, why) of whoever is asked somewhere in the operation."""
        columns = (Voter.person, Voter.role, Voter.organisation, Voter.reason)
        asked = select(*columns).where(Voter.operation_id == self.operation, Voter.decided.is_(False)).distinct()
        return [(person, role, organisation, why) for person, role, organisation, why in db.session.execute(asked)]

    @cached_property
    def persons(self) -> dict[str, str]:
        """Whoever is asked somewhere, by name."""
        found = people.names(person for person, *_capacity in self.asked)
        return dict(sorted(found.items(), key=lambda one: one[1]))

    @property
    def capacities(self) -> set[tuple[str, str]]:
        """Roles with their organisations in which somebody is asked in their own right."""
        return {(role, organisation) for _person, role, organisation, why in self.asked if why in ("role", "body")}

    def count(self, wanted: Wanted, person: str = "") -> int:
        if wanted == Wanted() and not person:
            return sum(self.steps.values())
        asked = self._filtered(wanted, person).with_only_columns(func.count())
        return db.session.scalar(asked) or 0

    def page(self, wanted: Wanted, person: str = "", first: int = 0, many: int | None = None) -> list[Line]:
        """The most urgent first."""
        asked = self._filtered(wanted, person).order_by(
            Task.due.is_(None), Task.due, Task.opened_at, Task.subject, Task.step
        )
        rows = list(db.session.execute(asked.offset(first).limit(many)))
        subjects = {task.subject for task, _procedure in rows}
        asked_of, reminded = _asked_of(subjects), last_reminded(subjects)
        return [
            Line(
                task,
                version(procedure),
                tuple(asked_of.get((task.subject, task.step), ())),
                reminded.get((task.subject, task.step)),
            )
            for task, procedure in rows
        ]

    def _filtered(self, wanted: Wanted, person: str) -> Select[Any]:
        asked = self._asked()
        if wanted.procedure or wanted.step:
            known = ((one, step) for one in self.versions for step in one.circuit.steps())
            fits = [(one.hash, step.id) for one, step in known if _is_of(wanted, one, step.id)]
            asked = asked.where(tuple_(Course.procedure, Task.step).in_(fits))
        if wanted.late:
            asked = asked.where(Task.due <= self.now)
        if wanted.words:
            asked = asked.where(Task.subject.in_(union_all(*sought(wanted.words, self.identity))))
        if person:
            at = (Voter.subject == Task.subject, Voter.step == Task.step, Voter.decided.is_(False))
            asked = asked.where(exists().where(*at, Voter.person == person))
        return asked

    def _asked(self) -> Select[Any]:
        hashes = [one.hash for one in self.versions]
        joined = select(Task, Course.procedure).join(Course, Course.subject == Task.subject)
        return joined.where(Task.operation_id == self.operation, Course.procedure.in_(hashes))


def _is_of(wanted: Wanted, published: Published, step: str) -> bool:
    return wanted.procedure in ("", published.slug) and wanted.step in ("", f"{published.slug}/{step}")


def _asked_of(subjects: Iterable[str]) -> dict[tuple[str, str], list[Voter]]:
    """By open step, whoever has not spoken yet; those who stand in for somebody are not named beside them."""
    found: dict[tuple[str, str], list[Voter]] = {}
    for some in _parts(subjects):
        asked = select(Voter).where(Voter.subject.in_(some), Voter.decided.is_(False), Voter.reason != "substitute")
        for row in db.session.scalars(asked.order_by(Voter.organisation, Voter.person)):
            found.setdefault((row.subject, row.step), []).append(row)
    return found


def last_reminded(subjects: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """(subject, step) → when those it waits for were last reminded, by somebody or by the clock."""
    found: dict[tuple[str, str], datetime] = {}
    for some in _parts(subjects):
        asked = select(Event).where(Event.subject.in_(some), Event.kind == "Reminded").order_by(Event.version)
        for fact in map(fact_of, db.session.scalars(asked)):
            found[(fact.subject, fact.data["step"])] = fact.at
    return found


def _parts(subjects: Iterable[str]) -> Iterable[list[str]]:
    known = sorted(subjects)
    return (known[first : first + _TOGETHER] for first in range(0, len(known), _TOGETHER))

"""What waits for one person, in few questions however much there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select, tuple_, union_all

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import Course, Task, Voter
from workflow.approvals.queries.standing import sought
from workflow.approvals.queries.waiting import Waiting, absent_of
from workflow.approvals.rules import NAMED
from workflow.catalogue.queries import Published, version
from workflow.db import db

OWN, FOR_ANOTHER = "own", "for_another"
LENT = "substitute"  # the reason of a voter who stands in for another; last of all in the order of letters
_BATCH = 200  # keys in one question
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """What a list of tasks was asked for; empty: everything. step: "procedure/step"; whose: own | for_another."""

    operation: str = ""
    procedure: str = ""
    step: str = ""
    whose: str = ""
    late: bool = False
    words: str = ""


@dataclass(frozen=True)
class Count:
    """How many tasks are of one kind."""

    operation: str
    procedure: str  # hash of a version
    step: str
    whose: str
    late: bool
    number: int

    @cached_property
    def published(self) -> Published:
        return version(self.procedure)

    @property
    def slug(self) -> str:
        return self.published.slug

    def named(self, name: str) -> str:
        """What a filter of that name calls it."""
        told = {"operation": self.operation, "procedure": self.slug, "whose": self.whose}
        return told.get(name) or f"{self.slug}/{self.step}"

    def is_of_kind(self, wanted: Wanted) -> bool:
        return wanted.procedure in ("", self.slug) and wanted.step in ("", self.named("step"))


class Found(NamedTuple):
    """One open step that waits for somebody; `whose` turn it is."""

    subject: str
    step: str
    operation: str
    due: datetime | None
    opened_at: datetime
    procedure: str
    late: bool
    whose: str


@dataclass(frozen=True)
class Mine:
    """The tasks of one person at one moment: asked once, then counted, filtered and handed out page by page."""

    identity: Identity
    now: datetime = field(default_factory=clock.now)

    @cached_property
    def everything(self) -> list[Found]:
        """In the order in which they are shown."""
        return self._found(self._asked())

    @cached_property
    def counts(self) -> list[Count]:
        """Every kind of task there is, without any filter."""
        found = Counter((one.operation, one.procedure, one.step, one.whose, one.late) for one in self.everything)
        return [Count(*kind, number) for kind, number in found.items()]

    def wanted(self, wanted: Wanted) -> list[Found]:
        kinds = {(one.procedure, one.step) for one in self.counts if one.is_of_kind(wanted)}
        return [one for one in self._spoken_of(wanted.words) if _is_wanted(one, wanted, kinds)]

    def page(self, found: Sequence[Found]) -> list[Waiting]:
        """These, with all that a page tells of them."""
        known = self._rows([(one.subject, one.step) for one in found])
        return [known[one.subject, one.step] for one in found if (one.subject, one.step) in known]

    def _spoken_of(self, words: str) -> list[Found]:
        if not words:
            return self.everything
        return self._found(self._asked().where(Task.subject.in_(union_all(*sought(words, self.identity)))))

    def _found(self, asked: Select[Any]) -> list[Found]:
        rows = db.session.execute(asked)
        found = [
            Found(*row[:6], row.due is not None and row.due <= self.now, FOR_ANOTHER if row.why == LENT else OWN)
            for row in rows
        ]
        return sorted(found, key=_order)

    def _asked(self) -> Select[Any]:
        """One row for each open step, however many capacities one is asked in: one's own come before others'."""
        columns = (Task.subject, Task.step, Task.operation_id, Task.due, Task.opened_at, Course.procedure)
        return (
            select(*columns, func.min(Voter.reason).label("why"))
            .join(Voter, (Voter.subject == Task.subject) & (Voter.step == Task.step))
            .join(Course, Course.subject == Task.subject)
            .where(*self._of_mine())
            .group_by(*columns)
        )

    def _of_mine(self) -> Sequence[Any]:
        """Open steps that wait for this person; an assignment that ended gives nothing."""
        held = {(one.operation, one.role, one.organisation or "") for one in self.identity.grants if one.operation}
        capacity = tuple_(Voter.operation_id, Voter.role, Voter.organisation).in_(sorted(held))
        own = Voter.reason.in_(("recorder", NAMED))
        return (
            Voter.person == self.identity.person,
            Voter.decided.is_(False),
            Voter.operation_id.in_(sorted(self.identity.operations)),
            or_(own, capacity) if held else own,
        )

    def _rows(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Waiting]:
        found: dict[tuple[str, str], Waiting] = {}
        for first in range(0, len(keys), _BATCH):
            asked = (
                select(Task, Voter)
                .join(Voter, (Voter.subject == Task.subject) & (Voter.step == Task.step))
                .where(Task.subject.in_({subject for subject, _step in keys[first : first + _BATCH]}), *self._of_mine())
                .order_by(Voter.reason, Voter.role, Voter.organisation)
            )
            for task, voter in db.session.execute(asked):
                found.setdefault((task.subject, task.step), Waiting(task, voter, absent_of(self.identity, voter)))
        return found


def numbers(counts: Iterable[Count], name: str) -> Counter[str]:
    """How many tasks there are of each operation, procedure (slug), step ("slug/step") or whose."""
    found: Counter[str] = Counter()
    for one in counts:
        found[one.named(name)] += one.number
    return found


def _is_wanted(one: Found, wanted: Wanted, kinds: set[tuple[str, str]]) -> bool:
    return (
        (one.procedure, one.step) in kinds
        and wanted.operation in ("", one.operation)
        and wanted.whose in ("", one.whose)
        and (one.late or not wanted.late)
    )


def _order(one: Found) -> tuple[Any, ...]:
    """Late ones first, by operation; then by the day they are due, by operation; last those without a deadline."""
    late = (0, one.operation) if one.late else (1, "")
    return (*late, one.due or _NEVER, one.operation, one.opened_at, one.subject, one.step)

"""What waits for whom, what was done, and lists of circuits under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from workflow.access import Identity
from workflow.approvals.models import Course, Task, Voter
from workflow.approvals.queries.withdrawn import reads_nothing
from workflow.approvals.rules import NAMED
from workflow.db import db, prepared
from workflow.record.models import chain_of
from workflow.record.queries import Fact, done_since


@dataclass(frozen=True)
class Waiting:
    """One open step that waits for this reader, and why."""

    task: Task
    voter: Voter
    on_behalf_of: str | None = None  # the absent person whose voice it is


def waiting_for(identity: Identity) -> list[Waiting]:
    """Open steps of this person, late first, then by due date. Assignments that ended give nothing."""
    held = {(grant.role, grant.organisation) for grant in identity.grants}
    rows = db.session.execute(
        select(Task, Voter)
        .join(Voter, (Voter.subject == Task.subject) & (Voter.step == Task.step))
        .where(Voter.person == identity.person, Voter.decided.is_(False))
        .order_by(Task.due.is_(None), Task.due, Task.opened_at)
    )
    return [
        Waiting(task, voter, absent_of(identity, voter))
        for task, voter in rows
        if voter.reason in ("recorder", NAMED) or (voter.role, voter.organisation or None) in held
    ]


def absent_of(identity: Identity, voter: Voter) -> str | None:
    """Whose voice a substitute gives at this step."""
    if voter.reason != "substitute":
        return None
    lent = (grant for grant in identity.grants if grant.operation == voter.operation_id and grant.on_behalf_of)
    fits = (one for one in lent if (one.role, one.organisation or "") == (voter.role, voter.organisation))
    return next((grant.on_behalf_of for grant in fits), None)


def waiting_count(identity: Identity) -> int:
    """Open steps, however many capacities one is asked in, and errands of this person."""
    mine = (Voter.person == identity.person, Voter.decided.is_(False), Voter.operation_id.in_(identity.operations))
    steps = select(Voter.subject, Voter.step).where(*mine).distinct().subquery()
    return (db.session.scalar(select(func.count()).select_from(steps)) or 0) + len(errands(identity))


@dataclass(frozen=True)
class Errand:
    """Something to see to that is no step of a circuit. words: English msgid about %(who)s; hint: what to do."""

    page: str  # endpoint, with its args
    args: Mapping[str, str]
    words: str
    who: str
    hint: str
    since: datetime
    wrong: bool = True  # something went wrong; otherwise somebody asks for it


_errands: list[Callable[[Identity], list[Errand]]] = []


def register_errands(provider: Callable[[Identity], list[Errand]]) -> None:
    """Handed in at start by a journey; asked for each page of a person, so it must be cheap when there is nothing."""
    if provider not in _errands:
        _errands.append(provider)


def errands(identity: Identity) -> list[Errand]:
    """What this person should see to, the oldest first."""
    return sorted((found for provider in _errands for found in provider(identity)), key=lambda one: one.since)


def asked_now(identity: Identity, kind: str, id_: Any) -> Any:
    """That this person is, or was, asked in the present turn about the subject of a kind whose id stands in a column.

    A condition on one row, not a list of ids: asked about one subject, it looks at that one only.
    """
    return exists().where(Voter.subject == f"{kind}:" + id_, Voter.person == identity.person)


_ASKED = prepared(
    select(Voter.person).where(Voter.subject == bindparam("subject"), Voter.person == bindparam("person")).limit(1)
)


def is_asked_now(identity: Identity, subject: str) -> bool:
    """`asked_now` of one subject: what is looked at whenever somebody opens it."""
    return db.session.scalar(_ASKED, {"subject": subject, "person": identity.person}) is not None


def come_to(identity: Identity, kind: str, id_: Any) -> Any:
    """That the turn of such a subject at this person has come: they may decide now, or it was decided and they did not
    withdraw from it.
    """
    again = (Course.phase == "open") & Course.decided_at.is_not(None)  # taken up again: what was decided stays readable
    ended = exists().where(Course.subject == f"{kind}:" + id_, Course.phase.in_(("approved", "refused")) | again)
    return asked_now(identity, kind, id_) | (ended & ~reads_nothing(identity, f"{kind}:" + id_))


def waits_on(person: str, operation: str) -> list[str]:
    """Subjects with an open step at which this person is or was asked."""
    asked = select(Voter.subject).where(Voter.person == person, Voter.operation_id == operation)
    return sorted(db.session.scalars(asked.distinct()))


def asks_somebody(subject: str, step: str) -> bool:
    """Whether an open step waits for anybody at all; one that closed meanwhile needs nobody."""
    if db.session.get(Task, (subject, step)) is None:
        return True
    asked = select(Voter.person).where(Voter.subject == subject, Voter.step == step, Voter.decided.is_(False))
    return db.session.scalar(asked.limit(1)) is not None


def tasks(subjects: Iterable[str]) -> dict[str, list[Task]]:
    """Open steps by subject, for lists."""
    found: dict[str, list[Task]] = {}
    for task in db.session.scalars(select(Task).where(Task.subject.in_(list(subjects)))):
        found.setdefault(task.subject, []).append(task)
    return found


def courses(subjects: Iterable[str]) -> dict[str, Course]:
    rows = db.session.scalars(select(Course).where(Course.subject.in_(list(subjects))))
    return {row.subject: row for row in rows}


DONE = frozenset(("Submitted", "Approved", "ApprovedWithReservation", "OpinionGiven", "Signed", "Refused", "SentBack"))
"""Facts in which somebody did what was asked of them."""


def done_by(identity: Identity, since: datetime, limit: int = 10) -> list[Fact]:
    """What this person decided since then in their operations, newest first; what they entered for others included."""
    found = [
        fact
        for operation in sorted(identity.operations)
        for fact in done_since(chain_of(operation), identity.person, DONE, since)
        if identity.person in (fact.actor.get("person"), fact.actor.get("recorded_by"))
    ]
    return sorted(found, key=lambda fact: fact.at, reverse=True)[:limit]

"""Jobs and mails, for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from workflow.dashboards.rules import PATIENCE, Waiting
from workflow.db import database_now, db
from workflow.errors import NotFound
from workflow.mail import KEPT, Mail
from workflow.outbox import DONE, FAILED, PENDING, RUNNING, Outbox

MAILS = "mail."


@dataclass(frozen=True)
class Trouble:
    """One job that went wrong. `state` is failed, or again when it will be tried once more by itself."""

    id: str
    kind: str
    state: str
    made_at: datetime
    next_at: datetime
    attempts: int
    error: str | None


def troubles(limit: int = 50) -> list[Trouble]:
    """The failed first, then by age."""
    asked = (
        select(Outbox)
        .where((Outbox.state == FAILED) | ((Outbox.state == PENDING) & (Outbox.attempts > 0)))
        .order_by(Outbox.state != FAILED, Outbox.made_at)
        .limit(limit)
    )
    return [
        Trouble(
            row.id,
            row.kind,
            "failed" if row.state == FAILED else "again",
            row.made_at,
            row.next_at,
            row.attempts,
            row.last_error,
        )
        for row in db.session.scalars(asked)
    ]


def under_way() -> dict[str, Waiting]:
    """{kind of job: how many wait their turn or are being done, and since when}."""
    asked = (
        select(Outbox.kind, func.count(), func.min(Outbox.made_at))
        .where((Outbox.state == RUNNING) | ((Outbox.state == PENDING) & (Outbox.attempts == 0)))
        .group_by(Outbox.kind)
        .order_by(func.min(Outbox.made_at))
    )
    return {kind: Waiting(count, since) for kind, count, since in db.session.execute(asked)}


JOB_STATES = ("failed", "again", "waiting", "done")
LATEST = 5000  # jobs of one list: those done long ago are of no use to anybody


def jobs(state: str, kind: str = "") -> list[Outbox]:
    """Jobs in one of JOB_STATES, those not done when it is empty: the failed first, then by age; done ones by day."""
    asked = select(Outbox).where(_STATES.get(state, Outbox.state != DONE))
    asked = asked.where(Outbox.kind == kind) if kind else asked
    order = (Outbox.done_at.desc(),) if state == "done" else (Outbox.state != FAILED, Outbox.made_at)
    return list(db.session.scalars(asked.order_by(*order, Outbox.id).limit(LATEST)))


_STATES = {
    "failed": Outbox.state == FAILED,
    "again": (Outbox.state == PENDING) & (Outbox.attempts > 0),
    "waiting": (Outbox.state == RUNNING) | ((Outbox.state == PENDING) & (Outbox.attempts == 0)),
    "done": Outbox.state == DONE,
}


def state_of(row: Outbox) -> str:
    """One of JOB_STATES."""
    if row.state == PENDING:
        return "again" if row.attempts else "waiting"
    return {RUNNING: "waiting", FAILED: "failed", DONE: "done"}.get(row.state, row.state)


def job_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Outbox)) or 0


def kinds() -> list[str]:
    """Kinds of jobs that were ever asked for here."""
    return list(db.session.scalars(select(Outbox.kind).distinct()))


def failed() -> int:
    return db.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.state == FAILED)) or 0


def done_since(age: timedelta) -> int:
    """How many jobs were done within that time."""
    asked = select(func.count()).select_from(Outbox).where(Outbox.done_at >= database_now(db.session) - age)
    return db.session.scalar(asked) or 0


def waiting(*, mails: bool) -> Waiting:
    """What waits longer than it should: mails, or everything else."""
    about = Outbox.kind.startswith(MAILS) if mails else Outbox.kind.not_like(f"{MAILS}%")
    late = Outbox.made_at <= database_now(db.session) - PATIENCE
    asked = select(func.count(), func.min(Outbox.made_at)).where(about, late, Outbox.state.in_((PENDING, RUNNING)))
    count, since = db.session.execute(asked).one()
    return Waiting(count, since)


def mails(limit: int | None, words: str = "", state: str = "") -> list[Mail]:
    """The newest first; `words` are looked for in subjects and addresses."""
    asked = select(Mail).order_by(Mail.made_at.desc(), Mail.id).limit(limit)
    for word in words.casefold().split():
        asked = asked.where(func.lower(Mail.subject + " " + Mail.to).contains(word, autoescape=True))
    return list(db.session.scalars(asked.where(Mail.state == state) if state else asked))


def mail_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail)) or 0


def kept_mail(mail_id: str) -> Mail:
    """A mail that was kept because no mail server is set. Raises NotFound; one that was sent is nobody's to read."""
    row = db.session.get(Mail, mail_id)
    if row is None or row.state != KEPT:
        raise NotFound()
    return row

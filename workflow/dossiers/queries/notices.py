"""Who was told what of a dossier, what still has to be handed over, what came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.approvals.models import Task, Voter
from workflow.catalogue.queries import version
from workflow.circuit.model import Kind
from workflow.db import db
from workflow.dossiers.models import Dossier, Household, Notice, WholeOperation
from workflow.dossiers.queries import uninvited
from workflow.dossiers.queries.addressees import HOUSEHOLD, OUTCOMES, officer_of
from workflow.dossiers.queries.dossiers import by_subject, open_steps
from workflow.dossiers.rules import BOUNCED
from workflow.errors import NotFound
from workflow.people import queries as people

ASKING = frozenset(("asked", "again", "reminded"))


def mark_of(token: str) -> str:
    """What is kept of a personal link."""
    return sha256(token.encode()).hexdigest()


def by_token(token: str) -> Notice | None:
    """The notice of a personal link, within the reader's scope."""
    return db.session.scalar(select(Notice).where(Notice.token_hash == mark_of(token)))


def notice(operation: str, notice_id: str) -> Notice:
    row = db.session.scalar(select(Notice).where(Notice.id == notice_id, Notice.operation_id == operation))
    if row is None:
        raise NotFound()
    return row


def notices_of(subject: str) -> list[Notice]:
    """Everything that was told of one dossier, newest first."""
    asked = select(Notice).where(Notice.subject == subject)
    return list(db.session.scalars(asked.order_by(Notice.made_at.desc(), Notice.version.desc(), Notice.person)))


def by_mail(mail_id: str) -> list[Notice]:
    return list(db.session.scalars(select(Notice).where(Notice.mail_id == mail_id)))


def holds(row: Notice) -> bool:
    """Whether what a notice says is still so: a step that was done meanwhile need not be announced any more."""
    dossier = by_subject(row.subject)
    if row.what in ASKING:
        waits = select(Voter.step).where(
            Voter.subject == row.subject, Voter.person == row.person, Voter.decided.is_(False)
        )
        return db.session.scalar(waits.limit(1)) is not None
    if row.what == "advice":
        asked = approvals.standing(row.subject).state.advice
        return any(one.person == row.person and one.opinion is None for one in asked)
    steps = open_steps(dossier)
    circuit = version(dossier.procedure).circuit
    if row.what == "returned":
        return any(circuit.step(step).kind is Kind.FILL for step in steps)
    if row.what == "reading":
        return any("household" in circuit.step(step).who.role for step in steps)
    if row.what in ("overdue", "escalated", "nobody", "too_few"):
        return bool(steps)
    ends = {what: phase for phase, what in OUTCOMES.items()} | {"voided": "cancelled"}
    return row.what not in ends or approvals.course(row.subject).phase == ends[row.what]


def due_of(row: Notice) -> Task | None:
    """The open step a notice asks for, with its deadline."""
    if row.what not in ASKING:
        return None
    asked = (
        select(Task)
        .join(Voter, (Voter.subject == Task.subject) & (Voter.step == Task.step))
        .where(Task.subject == row.subject, Voter.person == row.person, Voter.decided.is_(False))
    )
    return db.session.scalar(asked.order_by(Task.due).limit(1))


def absent_of(row: Notice) -> str:
    """The name of the colleague in whose place something is asked; "" when one is asked for oneself."""
    if row.what not in ASKING:
        return ""
    mine = (Voter.subject == row.subject, Voter.person == row.person, Voter.decided.is_(False))
    reasons = set(db.session.scalars(select(Voter.reason).where(*mine)))
    who = people.person(row.person) if reasons == {"substitute"} else None
    waits = approvals.waiting_for(people.identity_of_person(who)) if who else []
    absent = next((one.on_behalf_of for one in waits if one.task.subject == row.subject), None)
    return people.names([absent]).get(absent, "") if absent else ""


def latest_of(operation: str, ids: Iterable[str]) -> datetime | None:
    """When the latest of these notices was written."""
    asked = select(func.max(Notice.made_at)).where(Notice.operation_id == operation, Notice.id.in_(list(ids)))
    return db.session.scalar(asked)


# -- lists --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A notice with what it is about."""

    notice: Notice
    dossier: Dossier

    @property
    def household(self) -> Household | WholeOperation:
        return self.dossier.about

    @property
    def for_household(self) -> bool:
        return self.notice.person == HOUSEHOLD


def items(operation: str, states: Sequence[str]) -> list[Item]:
    """Notices of an operation, the oldest first."""
    asked = select(Notice).where(Notice.operation_id == operation, Notice.state.in_(states))
    rows = list(db.session.scalars(asked.order_by(Notice.made_at, Notice.id)))
    return with_dossiers(rows)


def with_dossiers(rows: Iterable[Notice]) -> list[Item]:
    rows = list(rows)
    if not rows:
        return []
    wanted = {row.subject.removeprefix("dossier:") for row in rows}
    known = {found.subject: found for found in db.session.scalars(select(Dossier).where(Dossier.id.in_(wanted)))}
    return [Item(row, known[row.subject]) for row in rows if row.subject in known]


def count(operation: str) -> int:
    asked = select(func.count()).select_from(Notice).where(Notice.operation_id == operation)
    return db.session.scalar(asked) or 0


def persons_of(found: Iterable[Item]) -> dict[str, str]:
    """Names of everybody these notices speak of: whom they are for, who handed them over, referents."""
    wanted = {(item.notice.person, item.notice.done_by, item.household.referent) for item in found}
    return people.names({person for several in wanted for person in several if person})


def may_look_after(identity: Identity, operation: str) -> bool:
    """Who hands notices over and mends addresses: the officers in the field, and whoever sets the operation up."""
    return access.may_fill(identity, operation) or access.may_set_up(identity, operation)


# -- what came back -----------------------------------------------------------------------------------------------


def errands(identity: Identity) -> list[approvals.Errand]:
    """Mails that came back, for the household's referent, the dossier's officer, and whoever sets the operation up:
    one errand for each person or household.
    """
    return [*_of_notices(identity), *uninvited.errands(identity)]


def _of_notices(identity: Identity) -> list[approvals.Errand]:
    operations = [one for one in sorted(identity.operations) if may_look_after(identity, one)]
    if not operations:
        return []
    asked = select(Notice).where(Notice.state == BOUNCED, Notice.operation_id.in_(operations))
    rows = with_dossiers(db.session.scalars(asked.order_by(Notice.made_at, Notice.id)))
    names = persons_of(rows)
    found: dict[tuple[str, str], approvals.Errand] = {}
    for item in rows:
        if _mine(identity, item):
            found.setdefault(
                (item.notice.operation_id, item.notice.person or item.dossier.household_id or ""),
                _errand(identity, item, names),
            )
    return list(found.values())


def _mine(identity: Identity, item: Item) -> bool:
    near = (item.household.referent, officer_of(item.dossier))
    return identity.person in near or access.may_set_up(identity, item.notice.operation_id)


def _errand(identity: Identity, item: Item, names: dict[str, str]) -> approvals.Errand:
    return approvals.Errand(
        page="dossiers.notice",
        args={"operation": item.notice.operation_id, "notice_id": item.notice.id},
        words="The mails to %(who)s come back",
        who=addressee(identity, item, names),
        hint="Correct the address, or hand the news over on paper.",
        since=item.notice.done_at or item.notice.made_at,
    )


def addressee(identity: Identity, item: Item, names: dict[str, str]) -> str:
    """A colleague by name; a household by name only where names may be read."""
    if not item.for_household:
        return names.get(item.notice.person, "")
    named = access.may_read_names(identity, item.notice.operation_id)
    return (item.household.name if named else "") or item.household.reference

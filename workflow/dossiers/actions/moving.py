"""What was put under the wrong household goes to the right one: a whole dossier, or one attachment."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from workflow import clock, outbox
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals import queries as standings
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.following import BEFORE_SURVEY
from workflow.dossiers.actions.households import set_state
from workflow.dossiers.actions.remembering import remember, state_of
from workflow.dossiers.models import Dossier, Household, Notice
from workflow.dossiers.queries.attachments import household_of
from workflow.dossiers.queries.mending import (
    BY_DIAGNOSIS,
    counted,
    may_mend,
    may_mend_household,
    state_before_survey,
)
from workflow.errors import Forbidden, Moved, NotFound, Refused
from workflow.filing import actions as filing
from workflow.filing.models import KeptFile
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import facts

GONE = frozenset(("purged", "closed"))
"""States in which nothing is added to a household."""


def move_dossier(identity: Identity, reference: str, target_id: str) -> Dossier:
    """Give a dossier to another household of its operation. Its reference, answers and decisions stay as they are."""
    row = queries.dossier(identity, reference)
    if not may_mend(identity, row):
        raise Forbidden()
    standings.course(row.subject, lock=True)
    if row.household is None:
        raise Refused("other_subject", "This form does not speak of a household.")
    origin, target = row.household, _target(identity, row.operation_id, target_id)
    _fit(row, target)
    states = [state_of(origin), state_of(target)]
    place(row, target)
    papers_at = _papers_again(row)
    _move_states(row, origin, target, identity.person)
    note_move(row, origin, target, identity.person)
    subjects = (row.subject, f"household:{origin.id}", f"household:{target.id}")
    before = {"dossier": row.id, "from": origin.id, "papers_at": papers_at, "states": states}
    remember("move", identity.person, row.operation_id, subjects, before)
    return row


def _target(identity: Identity, operation: str, household_id: str) -> Household:
    found = queries.household(identity, household_id)
    if found.operation_id != operation:
        raise NotFound()
    if found.state in GONE:
        raise Refused("household_closed", "The file of this household is closed: nothing can be added to it.")
    return found


def _fit(row: Dossier, target: Household) -> None:
    """Refuse what could not be right on the other side."""
    if target.id == row.household_id:
        raise Refused("same_household", "This is already the household of this dossier.")
    if row.void_at:
        raise Refused("annulled", "This dossier was annulled: there is nothing left to move.")
    refuse_second(row, target)
    if target.landlord != row.about.landlord:
        raise Refused(
            "other_landlord",
            "The two households do not have the same landlord, who checks the answers: annul this one and begin again.",
        )


def refuse_second(row: Dossier, target: Household) -> None:
    """A household has one open dossier of a kind."""
    other = queries.open_dossier_of(target, row.slug) if row.open_key else None
    if other:
        raise Refused(
            "open_there",
            "That household already has a dossier of this kind under way: %(reference)s. Annul one of the two first.",
            reference=other.reference,
        )


def place(row: Dossier, target: Household) -> None:
    """Hang a dossier under a household, with what was told of it; whom its open steps wait for is said again."""
    row.household_id, row.household = target.id, target
    if row.open_key:
        row.open_key = queries.open_key(target.id, row.slug)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Moved("Somebody opened a dossier for that household at the same moment.") from clash
    db.session.execute(update(Notice).where(Notice.subject == row.subject).values(household_id=target.id))
    approvals.look_again(standings.standing(row.subject))


def _papers_again(row: Dossier) -> str | None:
    """Papers name the household: those made are annulled, and written again. When, as an ISO instant."""
    decided = [fact.version for fact in facts(row.subject) if fact.kind == "Completed"]
    now = clock.now()
    if not decided or not filing.void(row.subject, now):
        return None
    outbox.add(
        "dossiers.make_papers",
        subject=row.subject,
        key=f"dossiers.make_papers:{row.subject}:{decided[-1]}:{now.isoformat()}",
        version=decided[-1],
    )
    return now.isoformat()


def _move_states(row: Dossier, origin: Household, target: Household, by: str) -> None:
    """The status that the diagnosis gave to the one household is that of the other."""
    if row not in counted(target):
        return
    if origin.state in BY_DIAGNOSIS and not counted(origin):
        gained = origin.state
        set_state(origin, state_before_survey(origin), by)
        if target.state in (*BEFORE_SURVEY, "surveyed"):
            set_state(target, gained, by)


def note_move(row: Dossier, origin: Household, target: Household, by: str, *, back: bool = False) -> None:
    """A trace on both sides; `back`: the move was undone."""
    chain, more = chain_of(row.operation_id), {"back": True} if back else {}
    for home, kind, other in ((origin, "DossierMovedAway", target), (target, "DossierMovedHere", origin)):
        record.note(chain, f"household:{home.id}", kind, {"person": by}, dossier=row.id, other=other.id, **more)


def move_file(identity: Identity, row: KeptFile, target_id: str) -> None:
    """Give one attachment to another household of the same operation; only a trace stays where it lay."""
    origin = household_of(row)
    if not may_mend_household(identity, row.operation_id) or row.part in (filing.SCAN, filing.KEYED) or row.erased_at:
        raise Forbidden()
    target = _target(identity, row.operation_id, target_id)
    if row.subject == f"household:{target.id}":
        raise Refused("same_household", "This attachment is already with that household.")
    before = {"file": row.id, "subject": row.subject, "household": target.id}
    hand_file(row, f"household:{target.id}", origin, target, identity.person)
    touched = {f"household:{origin.id}", f"household:{target.id}"}
    remember("file", identity.person, row.operation_id, sorted(touched), before)


def hand_file(
    row: KeptFile, subject: str, origin: Household, target: Household, by: str, *, back: bool = False
) -> None:
    """Write a file anew under its other subject, and a trace on both sides."""
    filing.move(row, subject)
    chain, more = chain_of(row.operation_id), {"back": True} if back else {}
    for home, kind, other in ((origin, "FileMovedAway", target), (target, "FileMovedHere", origin)):
        record.note(chain, f"household:{home.id}", kind, {"person": by}, file=row.id, other=other.id, **more)

"""A dossier opened by mistake or twice is annulled: it counts no more, and its papers say so; that may be undone."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.approvals.models import Course
from workflow.approvals.queries import course, standing
from workflow.catalogue.queries import version
from workflow.circuit import events as e
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.following import states_of
from workflow.dossiers.actions.handing_on import publish_facts
from workflow.dossiers.actions.households import put_state_back, set_state
from workflow.dossiers.actions.refreshing import set_stale_from
from workflow.dossiers.actions.remembering import remember, state_of
from workflow.dossiers.models import DRAFT, Agreement, AnswerSet, Dossier, Fact, Undo
from workflow.dossiers.queries import of_operation
from workflow.dossiers.queries.freshness import Freshness
from workflow.dossiers.queries.mending import (
    BY_DIAGNOSIS,
    counted,
    is_diagnosis,
    state_before_survey,
    state_when_opened,
)
from workflow.dossiers.queries.undoable import remembered
from workflow.errors import Refused
from workflow.filing import actions as filing
from workflow.record.queries import facts, version_of

DECIDED = ("approved", "refused")


def annulled(row: Dossier, event: e.Cancelled, by: str) -> None:
    """What follows from the decision, in the same transaction."""
    row.closed, row.open_key = True, None
    row.void_at, row.void_by, row.void_reason = clock.now(), by, event.reason_ref
    for model in (Fact, Agreement):
        db.session.execute(delete(model).where(model.dossier_id == row.id))
    _annul_papers(row)
    before, touched = {"dossier": row.id}, [row.subject]
    back_to = _state_without(row)
    if row.household and back_to:
        before |= state_of(row.household)
        touched.append(f"household:{row.household_id}")
        set_state(row.household, back_to, by)
    remember("void", by, row.operation_id, touched, before)


def _state_without(row: Dossier) -> str:
    """The status of the household had this dossier never been; "" where nothing follows from it any more."""
    home = row.household
    if home is None:
        return ""
    if not is_diagnosis(row):
        return state_when_opened(row) if home.state in states_of(version(row.procedure).settings) else ""
    if home.state in BY_DIAGNOSIS and not counted(home, besides=row.id):
        return state_before_survey(home)
    return ""


def _annul_papers(row: Dossier) -> None:
    """Each paper is replaced by a copy that says on every page that it counts no more."""
    since = version_of(row.subject)
    for paper in filing.void(row.subject, row.void_at or clock.now()):
        copy = filing.ask_void_copy(paper, since)
        if copy:
            outbox.add("dossiers.make_paper", subject=f"paper:{copy.id}", key=f"dossiers.make_paper:{copy.id}")


def taken_back(row: Dossier, by: str) -> None:
    """The last decision was taken back. A dossier that was stopped goes on where it stood: its facts, agreements and
    papers are there again, and the household has the status it had.
    """
    phase = course(row.subject).phase
    if row.closed and phase == "open":
        _open_again(row)
    if not row.closed and phase in DECIDED:
        _close_again(row)
    if not row.closed and phase == "withdrawn":
        row.closed, row.open_key = True, None
    if row.void_at is not None:
        _refuse_beside_a_newer_one(row)
        filing.restore(row.subject, row.void_at)
        row.void_at, row.void_by, row.void_reason = None, None, ""
        _publish_again(row)
        approvals.look_again(standing(row.subject))  # the agreements are there again: so are those who wait
    undo = remembered("void", row.subject) or remembered("decision", row.subject)
    if undo and _nothing_between(undo, row.subject):
        undo.spent_at = clock.now()
        _state_again(row, undo, by)


def taken_up(row: Dossier) -> None:
    """A decided dossier is brought up to date: it is under way again, unless another one took its place."""
    _refuse_beside_a_newer_one(row)
    if row.closed:
        _open_again(row)


def reopened(row: Dossier) -> None:
    """A closed dossier goes on. Had it been annulled, its answers count again; its papers do not, new ones follow."""
    taken_up(row)
    if row.void_at is not None:
        row.void_at, row.void_by, row.void_reason = None, None, ""
        _publish_again(row)
        approvals.look_again(standing(row.subject))


def _close_again(row: Dossier) -> None:
    """It was taken up again by mistake: what was begun goes, the version that was decided on stands."""
    row.closed, row.open_key = True, None
    db.session.execute(delete(AnswerSet).where(AnswerSet.dossier_id == row.id, AnswerSet.state == DRAFT))


def _publish_again(row: Dossier) -> None:
    stored = queries.handed_on_set(row)
    if stored:
        instance, provenance = queries.opened(row, stored)
        instance.recompute()
        publish_facts(row, instance, version(row.procedure), stored.saved_at)
        set_stale_from(row, Freshness(row, instance, provenance))


def _nothing_between(undo: Undo, subject: str) -> bool:
    """Whether the decision taken back is the one that was remembered."""
    since = [fact.kind for fact in facts(subject, after=undo.touched[subject]) if fact.actor.get("person")]
    return since == ["TakenBack"]


def _open_again(row: Dossier) -> None:
    key = _open_key(row)
    other = db.session.scalar(select(Dossier).where(Dossier.open_key == key)) if key else None
    if other and other.id != row.id:
        raise Refused(
            "another_open",
            "Another dossier of this household is under way: %(reference)s. Annul that one first."
            if row.household
            else "Another one is under way for this operation: %(reference)s. Annul that one first.",
            reference=other.reference,
        )
    row.closed, row.open_key = False, key


def _open_key(row: Dossier) -> str | None:
    if row.household_id is None:
        return of_operation.open_key(row.operation_id, version(row.procedure))
    return queries.open_key(row.household_id, row.slug)


def _refuse_beside_a_newer_one(row: Dossier) -> None:
    """Another one took its place since: two dossiers of a kind would both count. One that was withdrawn does not; those
    of an operation count beside each other.
    """
    if row.household_id is None:
        return
    asked = select(Dossier).where(
        Dossier.household_id == row.household_id,
        Dossier.slug == row.slug,
        Dossier.opened_at > row.opened_at,
        Dossier.id != row.id,
        Dossier.void_at.is_(None),
        Dossier.id.not_in(select(func.substr(Course.subject, len("dossier:") + 1)).where(Course.phase == "withdrawn")),
    )
    other = db.session.scalar(asked.order_by(Dossier.opened_at.desc()).limit(1))
    if other is not None:
        raise Refused(
            "newer_one",
            "A newer dossier of this household took its place: %(reference)s. Annul that one first.",
            reference=other.reference,
        )


def _state_again(row: Dossier, undo: Undo, by: str) -> None:
    """The status of the household, unless somebody has changed something there since."""
    subject = f"household:{row.household_id}"
    if row.household and "state" in undo.before and undo.touched.get(subject) == version_of(subject):
        put_state_back(row.household, undo.before, by)

"""Decisions, and what follows for the household and the dossier."""

from __future__ import annotations

from flask import current_app

from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import Standing
from workflow.circuit import events as e
from workflow.db import begin_reading, db
from workflow.dossiers import queries
from workflow.dossiers.actions.commanding import Decision, command
from workflow.dossiers.actions.following import follow
from workflow.dossiers.actions.remembering import remember, state_of
from workflow.dossiers.actions.voiding import annulled, reopened, taken_back, taken_up
from workflow.errors import NotFound, Refused

SILENT = frozenset(("Approve", "GiveOpinion"))
"""Decisions that may be given without a word, so that nothing is written before they are judged."""


def decide(identity: Identity, reference: str, decision: Decision) -> Standing:
    """Carry a decision out in whichever of this person's capacities allows it."""
    return _ahead(identity, reference, decision) or _in_turn(identity, reference, decision)


def _in_turn(identity: Identity, reference: str, decision: Decision) -> Standing:
    row = queries.dossier(identity, reference)
    if decision.version < 1:
        raise approvals.never_shown()
    return approvals.act_as(identity, row.subject, command(row, decision), decision.version, party=decision.party)


# -- judged before one's turn to write ----------------------------------------------------------------------------


def _ahead(identity: Identity, reference: str, decision: Decision) -> Standing | None:
    """The same, judged while others write, so that nobody waits meanwhile. None when it is not simply accepted, or when
    the course or the answers have moved before it is written: then it is judged again, in its turn.
    """
    if decision.reason or decision.command not in SILENT or decision.version < 1 or db.session().in_transaction():
        return None
    with current_app.app_context():  # a session of its own, gone before ours begins to write
        begin_reading()
        try:
            row = queries.dossier(identity, reference)
            judged = approvals.judged_ahead(identity, row.subject, command(row, decision), decision.version)
        except (NotFound, Refused):
            return None
        dossier, mark = row.id, queries.revision_of(row.id)
    known = judged and approvals.in_its_turn(judged)
    return approvals.write_judged(known, judged) if known and queries.revision_of(dossier) == mark else None


def after_decision(subject: str, new: list[e.Event]) -> None:
    """What follows for the household and the dossier, in the same transaction."""
    row = queries.by_subject(subject)
    by = next((event.actor.person for event in new if event.actor), "clock")
    before = state_of(row.household) if row.household else {}
    for event in new:
        follow(row, event, by)
        if isinstance(event, e.Completed | e.Withdrawn):
            row.closed, row.open_key = True, None
        if isinstance(event, e.Refreshed):
            taken_up(row)
        if isinstance(event, e.Reopened):
            reopened(row)
        if isinstance(event, e.Cancelled):
            annulled(row, event, by)
        if isinstance(event, e.TakenBack):
            taken_back(row, by)
    if row.household and row.household.state != before["state"] and not isinstance(new[0], e.Cancelled | e.TakenBack):
        touched = (row.subject, f"household:{row.household_id}")
        remember("decision", by, row.operation_id, touched, {"dossier": row.id} | before)

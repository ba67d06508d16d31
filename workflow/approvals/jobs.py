"""Jobs: assignments changed, so open steps may wait for other people; what somebody does for several at once."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from workflow import outbox
from workflow.approvals import actions
from workflow.approvals.actions import several
from workflow.approvals.queries import attending, sitting_paper
from workflow.approvals.rules import IN_A_SITTING
from workflow.db import begin_reading, db, unscoped
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import READY
from workflow.people.models import Assignment
from workflow.record.actions import key_for


def refresh(lease: outbox.Lease) -> None:
    """React to Assigned: say again whom the open steps wait for, in the operations of that person."""
    person = lease.subject.removeprefix("person:")
    with unscoped("a job acts for no person"), lease.finish():
        rows = db.session.scalars(select(Assignment.operation_id).where(Assignment.person_id == person).distinct())
        for operation in [row for row in rows if row]:
            actions.refresh(operation)


def tell(lease: outbox.Lease) -> None:
    """The people of an open step changed: what follows for its file, which may be that nobody can decide any more."""
    with unscoped("a job acts for no person"), lease.finish():
        actions.tell(lease.subject)


def carry_out_batch(lease: outbox.Lease) -> None:
    """Look at, or do, what somebody asked for several files; each is judged for that person, within their scope."""
    with unscoped("a job acts for no person"):
        several.go_on(lease)


def ask_sitting_sheet(lease: outbox.Lease) -> None:
    """React to SittingClosed: the list of its decisions, sealed like every paper, to be signed."""
    with unscoped("a job acts for no person"), lease.finish():
        row = attending.sitting(lease.subject.removeprefix(IN_A_SITTING))
        key_for(lease.subject)
        told = {"kind": "seance", "audience": "commission", "lang": sitting_paper.LANG}
        asked = filing.ask(row.operation_id, lease.subject, lease.version, **told)
        db.session.flush()
        job = "approvals.make_sitting_sheet"
        outbox.add(job, subject=f"paper:{asked.id}", key=f"{job}:{asked.id}")


def make_sitting_sheet(lease: outbox.Lease) -> None:
    """Write the list. Without a key nothing is written: the job fails, and the paper stays to be made."""
    settings = current_app.config["RELAIS"]
    with unscoped("a job acts for no person"):
        begin_reading()
        paper = papers.paper(lease.subject.removeprefix("paper:"))
        if paper.state == READY:
            return
        row = attending.sitting(paper.subject.removeprefix(IN_A_SITTING))
        with force_locale(paper.lang):
            order = sitting_paper.order(
                row, paper.reference, settings.issuer, f"{settings.base_url}/verify/{paper.reference}"
            )
        filing.write(lease, paper, order)

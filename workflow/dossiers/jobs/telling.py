"""A fact of a dossier: whoever it concerns is told, by a mail at once, a line of their daily mail, or on paper."""

from __future__ import annotations

from datetime import timedelta

from workflow import clock, outbox
from workflow.circuit import events as e
from workflow.db import db, unscoped
from workflow.dossiers import queries
from workflow.dossiers.actions.telling import tell as make_notices
from workflow.dossiers.jobs.mails import send
from workflow.dossiers.jobs.papers import ask_papers
from workflow.dossiers.models import Notice
from workflow.dossiers.rules import MAIL
from workflow.record.queries import facts

TOO_OLD = timedelta(days=7)  # what was taken over from elsewhere, or lies so far back, is no news any more


def tell(lease: outbox.Lease) -> None:
    """Notices and mails are written together with "done"; a repetition finds them there."""
    if not lease.subject.startswith("dossier:"):
        return  # another journey
    with unscoped("a job acts for no person"), lease.finish():
        row = queries.by_subject(lease.subject)
        fact = next(fact for fact in facts(row.subject, after=lease.version - 1) if fact.version == lease.version)
        if fact.kind == "StageEntered":
            ask_papers(row, lease.version, e.from_dict(fact.data))  # Completed has a job of its own for them
        if clock.now() - fact.at > TOO_OLD:
            return
        for notice in make_notices(row, fact):
            if notice.channel == MAIL:
                send(notice)


def tell_again(lease: outbox.Lease) -> None:
    """A notice whose mail came back goes to the corrected address."""
    with unscoped("a job acts for no person"), lease.finish():
        send(db.session.get_one(Notice, lease.subject.removeprefix("notice:")))

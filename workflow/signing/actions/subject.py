"""What approvals is told of rooms, and what follows in them once something is decided."""

from __future__ import annotations

from workflow import outbox
from workflow.approvals.queries import Subject, course
from workflow.approvals.queries.personal_links import linked
from workflow.approvals.queries.standing import Named
from workflow.circuit import events as e
from workflow.signing.actions import delivering
from workflow.signing.models import COMPLETE, OPEN, REFUSED, WITHDRAWN
from workflow.signing.queries import rooms, told

TELL, CLOSE = "signing.tell", "signing.close"
TOLD = (
    *(e.StageEntered, e.Completed, e.Withdrawn, e.Cancelled),
    *(e.Reminded, e.Escalated, e.Reassigned),
)
"""Of these somebody is told by mail."""


def decided(subject: str, new: list[e.Event]) -> None:
    """The room follows its course, in the same transaction; mails and the last time stamp are jobs."""
    row, reached = rooms.by_subject(subject), course(subject).version
    for rank, event in enumerate(new, start=1):
        version = reached - len(new) + rank
        if isinstance(event, e.Completed):
            row.state = COMPLETE if event.outcome == "approved" else REFUSED
            row.closed_at = event.at
        elif isinstance(event, e.Withdrawn | e.Cancelled):
            row.state, row.closed_at = WITHDRAWN, event.at
        elif isinstance(event, e.TakenBack):
            row.state, row.closed_at = OPEN, None
        if isinstance(event, TOLD):
            outbox.add(TELL, subject=subject, key=f"{TELL}:{subject}:{version}", version=version)
        if isinstance(event, e.Completed) and row.state == COMPLETE:
            outbox.add(CLOSE, subject=subject, key=f"{CLOSE}:{subject}")
        elif row.state in (REFUSED, WITHDRAWN):
            delivering.ask(row)  # nobody receives anything, but the evidence is made


SUBJECT = Subject(
    published=rooms.published,
    answers=told.Answers,
    relations=lambda subject: {},
    recipients=lambda subject: None,
    outsider=lambda subject: "",
    stops=lambda subject, person: False,
    linked=linked,
    outside=lambda subject, step: set(),
    decided=decided,
    sentences=told.sentences,
    openable=told.openable,
    sought=told.sought,
    excerpt=told.excerpt,
    named=Named(told.voices, told.capacities, told.runs_it),
)

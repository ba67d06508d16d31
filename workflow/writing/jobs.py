"""Jobs: one paper is written, or the copy that says it was annulled."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from workflow import outbox
from workflow.db import begin_reading, unscoped
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import READY
from workflow.writing.actions import posting
from workflow.writing.queries.orders import order
from workflow.writing.queries.written import by_subject, told_of


def make_paper(lease: outbox.Lease) -> None:
    """Without a key nothing is written: the job fails, and the paper stays to be made."""
    settings = current_app.config["RELAIS"]
    with unscoped("a job acts for no person"):
        begin_reading()
        paper = papers.paper(lease.subject.removeprefix("paper:"))
        if paper.state == READY:
            return
        told = papers.paper(paper.void_of) if paper.void_of else paper
        row = by_subject(told.subject)
        with force_locale(paper.lang):
            verify = f"{settings.base_url}/verify/{told.reference}"
            asked = order(told_of(row), told.audience, told.reference, verify)
        filing.write(lease, paper, asked, "void" if paper.void_of else None)


def write_letters(lease: outbox.Lease) -> None:
    """The next letters of one for many; each is judged for whoever started it."""
    with unscoped("a job acts for no person"):
        posting.go_on(lease)

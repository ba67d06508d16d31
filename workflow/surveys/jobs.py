"""Jobs: the report of a survey is written."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale

from workflow import outbox
from workflow.db import begin_reading, db, unscoped
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import READY
from workflow.surveys.models import Survey
from workflow.surveys.queries import report


def make_report(lease: outbox.Lease) -> None:
    """Without a key nothing is written: the job fails, and the paper stays to be made."""
    settings = current_app.config["RELAIS"]
    with unscoped("a job acts for no person"):
        begin_reading()
        paper = papers.paper(lease.subject.removeprefix("paper:"))
        if paper.state == READY:
            return
        row = db.session.get_one(Survey, paper.subject.removeprefix("survey:"))
        with force_locale(paper.lang):
            verify = f"{settings.base_url}/verify/{paper.reference}"
            asked = report.order(row, paper.reference, settings.issuer, verify)
        filing.write(lease, paper, asked)

"""The report of a survey is asked for: a sealed paper like the others, as the results are when it is written."""

from __future__ import annotations

from workflow import outbox
from workflow.access import Identity
from workflow.db import db
from workflow.errors import Refused
from workflow.filing import actions as filing
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.surveys.queries.report import AUDIENCE, KIND, LANG
from workflow.surveys.queries.surveys import how_far, survey

JOB = "surveys.make_report"


def ask(identity: Identity, survey_id: str) -> None:
    """Raises Refused while nobody answered."""
    row = survey(identity, survey_id)
    if not how_far([row])[row.id]["finished"]:
        raise Refused("nobody", "Nobody has answered yet: there is nothing to report.")
    record.key_for(row.subject)
    fact = record.note(chain_of(row.operation_id), row.subject, "SurveyReportAsked", {"person": identity.person})
    told = {"kind": KIND, "audience": AUDIENCE, "lang": LANG, "title": row.title}
    paper = filing.ask(row.operation_id, row.subject, fact.version, **told)
    db.session.flush()
    outbox.add(JOB, subject=f"paper:{paper.id}", key=f"{JOB}:{paper.id}")

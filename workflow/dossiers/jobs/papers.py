"""The papers of a decided dossier: one for each audience its procedure names, each cut to what that audience reads."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale

from workflow import outbox
from workflow.circuit import events as e
from workflow.db import begin_reading, db, unscoped
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries.paper import decisions, material
from workflow.dossiers.queries.paper.moments import written_at
from workflow.dossiers.queries.whom import called
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import READY
from workflow.operations.queries import operation
from workflow.record.queries import facts

LANG = "fr"  # the language in which the partners of an operation work


def make_papers(lease: outbox.Lease) -> None:
    """React to Completed: ask for each paper the procedure foresees for this outcome; one job writes each."""
    if not lease.subject.startswith("dossier:"):
        return  # another journey
    with unscoped("a job acts for no person"), lease.finish():
        row = queries.by_subject(lease.subject)
        fact = next(fact for fact in facts(row.subject, after=lease.version - 1) if fact.version == lease.version)
        ask_papers(row, lease.version, e.from_dict(fact.data))


def ask_papers(row: Dossier, version: int, event: e.Event) -> None:
    """Ask for each paper the procedure foresees at this moment; one job writes each."""
    foreseen = list(written_at(material.published(row).settings, event))
    told = _between(row, version) if foreseen and row.household_id is None else {}
    for kind, audience in foreseen:
        asked = filing.ask(row.operation_id, row.subject, version, kind=kind, audience=audience, lang=LANG, **told)
        asked.void_at = asked.void_at or row.void_at  # the dossier may have been annulled meanwhile
        db.session.flush()
        outbox.add("dossiers.make_paper", subject=f"paper:{asked.id}", key=f"dossiers.make_paper:{asked.id}")


def _between(row: Dossier, version: int) -> dict[str, Any]:
    """What lists say of a paper of a whole operation: what its answers call it, and who had a voice in it."""
    with force_locale(LANG):
        known, place = [fact for fact in facts(row.subject) if fact.version <= version], operation(row.operation_id)
        zone = ZoneInfo(place.zone if place else "Europe/Paris")
        voices = decisions.rows(material.published(row), known, LANG, zone)
    parties = dict.fromkeys(str(one["organisation"]) for one in voices)
    return {"title": called([row], LANG)[row.subject], "parties": tuple(parties)}


def make_paper(lease: outbox.Lease) -> None:
    """Write one paper, or the copy that says it was annulled. Without a key nothing is written: the job fails, and the
    paper stays to be made.
    """
    settings = current_app.config["RELAIS"]
    with unscoped("a job acts for no person"):
        begin_reading()
        paper = papers.paper(lease.subject.removeprefix("paper:"))
        if paper.state == READY:
            return
        told = papers.paper(paper.void_of) if paper.void_of else paper
        with force_locale(paper.lang):
            order = material.order_of(told, settings.issuer, f"{settings.base_url}/verify/{told.reference}")
        filing.write(lease, paper, order, "void" if paper.void_of else None)

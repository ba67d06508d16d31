"""A dossier that was sent back: its author is told, in words that name no household and no answer."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import mail, outbox
from workflow.catalogue.queries import version
from workflow.circuit.model import Kind
from workflow.db import db, unscoped
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier
from workflow.people.models import Person
from workflow.people.queries import person
from workflow.record.queries import Fact, facts


def tell_author(lease: outbox.Lease) -> None:
    """React to SentBack: a mail to the author, unless it was the author who sent it back."""
    with unscoped("a job acts for no person"), lease.finish():
        row = queries.by_subject(lease.subject)
        fact = next(fact for fact in facts(row.subject, after=lease.version - 1) if fact.version == lease.version)
        author = person(row.author)
        if author and author.email and _concerns(row, fact):
            _write(lease, row, author, author.email)


def _concerns(row: Dossier, fact: Fact) -> bool:
    """Whether it came back to be filled in again, and from somebody else."""
    stage = fact.data["to"]
    steps = next((stage_.steps for stage_ in version(row.procedure).circuit.stages if stage_.id == stage), ())
    by_author = row.author in (fact.actor.get("person"), fact.actor.get("recorded_by"))
    return not by_author and any(step.kind is Kind.FILL for step in steps)


def _write(lease: outbox.Lease, row: Dossier, author: Person, address: str) -> None:
    url = f"{current_app.config['RELAIS'].base_url}/dossiers/{row.reference}"
    with force_locale(author.lang):
        body = render_template("emails/sent_back.txt", name=author.name, url=url)
        note = mail.write(f"sent_back:{lease.id}", address, _("A file comes back for correction"), body, author.lang)
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{note.id}", key=f"mail.send:{note.id}")

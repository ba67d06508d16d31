"""Answers are handed on: complete, pruned, their facts published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from forms.instance import Instance
from forms.provenance import of_answers, texts
from forms.visibility import facts as facts_of
from forms.visibility import hindrances
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import Standing
from workflow.catalogue.queries import Published
from workflow.circuit import commands as c
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions import submissions
from workflow.dossiers.actions.filling import draft_to_write
from workflow.dossiers.actions.refreshing import refuse_stale, set_stale_from
from workflow.dossiers.actions.writing import write
from workflow.dossiers.models import HANDED_ON, Agreement, Dossier, Fact
from workflow.dossiers.queries import File
from workflow.dossiers.queries.asked_at import in_the_way
from workflow.dossiers.queries.freshness import Freshness
from workflow.errors import FieldError as Wrong
from workflow.errors import Invalid, Refused


def submit(identity: Identity, reference: str, shown_version: int) -> Standing:
    """Hand the answers on. Raises Invalid with every error when something is missing or wrong: it stays a draft."""
    file = queries.file(identity, reference)
    if file.filling is None:
        approvals.act_as(identity, file.row.subject, c.Submit(step=_fill_step(file)), shown_version)
        raise Refused("not_yours", "This step is not yours to decide.")
    stored = draft_to_write(file, identity.person)
    instance, provenance = queries.opened(file.row, stored)
    errors = in_the_way(file, instance, hindrances(instance, file.lens))
    if errors:
        raise Invalid([Wrong(error.path, error.message, dict(error.params)) for error in errors])
    refuse_stale(file, Freshness(file.row, instance, provenance))
    submissions.name_anew(file.row.operation_id, instance)
    final = instance.pruned()
    write(file.row, stored, final, of_answers(provenance, texts(final)), identity.person)
    submissions.enter(file.row, stored, final, identity.person, source="web")
    stored.state, stored.removed = HANDED_ON, None
    file.row.taken = None
    publish_facts(file.row, final, file.published, stored.saved_at)
    set_stale_from(file.row, Freshness(file.row, final, provenance))
    db.session.flush()
    command = c.Submit(step=file.filling, shown=stored.fingerprint)
    return approvals.act_as(identity, file.row.subject, command, shown_version)


def _fill_step(file: File) -> str:
    return next(step.id for step in file.published.circuit.steps() if step.kind.value == "fill")


def publish_facts(row: Dossier, instance: Instance, published: Published, since: datetime) -> None:
    """What lists and conditions of access read: indexed answers, and to whom the household agreed."""
    for model in (Fact, Agreement):
        db.session.execute(delete(model).where(model.dossier_id == row.id))
    row.stale_from = None  # the clock works it out where whoever hands on does not
    for fact in facts_of(instance):
        db.session.add(
            Fact(
                dossier_id=row.id,
                operation_id=row.operation_id,
                path=fact.path,
                name=fact.name,
                text=fact.text[:400],
                number=fact.number,
                date=fact.date,
                level=fact.level,
            )
        )
    path = published.settings.get("agreements")
    for organisation in instance.get(path).split() if path else ():
        db.session.add(
            Agreement(dossier_id=row.id, operation_id=row.operation_id, organisation=organisation, since=since)
        )

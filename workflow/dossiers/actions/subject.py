"""What approvals is told of dossiers."""

from __future__ import annotations

from workflow.approvals.queries import Subject
from workflow.catalogue.queries import version as published_version
from workflow.dossiers import queries
from workflow.dossiers.actions.deciding import after_decision
from workflow.dossiers.queries.dossiers import openable
from workflow.dossiers.queries.excerpt import excerpt
from workflow.dossiers.queries.mending import stops
from workflow.dossiers.queries.personal_links import linked, outside

SUBJECT = Subject(
    published=lambda subject: published_version(queries.by_subject(subject).procedure),
    answers=lambda subject: queries.Answers(queries.by_subject(subject)),
    relations=queries.relations,
    recipients=queries.recipients,
    outsider=queries.outsider,
    stops=lambda subject, person: stops(queries.by_subject(subject), person),
    linked=linked,
    outside=outside,
    decided=after_decision,
    sentences=queries.sentences,
    openable=openable,
    sought=queries.sought,
    excerpt=excerpt,
)

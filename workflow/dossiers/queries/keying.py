"""A paper that is typed in: who may do it, what is known of it, what may be written."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import Dossier, Submission
from workflow.dossiers.queries.answers import present_set
from workflow.dossiers.queries.arriving import closed_to, fills_of
from workflow.dossiers.queries.dossiers import may_open
from workflow.dossiers.queries.reading import File
from workflow.dossiers.queries.together import held_by_another
from workflow.errors import NotFound


def may_key(file: File) -> bool:
    """Whether this person may type a paper in now: anybody of the team who fills in, for whoever opened the dossier."""
    team = access.may_fill(file.identity, file.row.operation_id)
    return bool(fills_of(file.identity, file.row)) and (team or file.fills)


def closed_pages(file: File) -> frozenset[str]:
    """Paths of the pages that may not be keyed: not sent back, another step's, or taken by somebody else."""
    form = file.published.form
    names = closed_to(file.row, present_set(file.row), form, fills_of(file.identity, file.row))
    person = file.identity.person
    return frozenset(
        group.path for group in form.sections if group.name in names or held_by_another(file.row, group.name, person)
    )


def being_keyed(row: Dossier) -> Submission | None:
    """The paper whose keying is not finished."""
    asked = select(Submission).where(Submission.dossier_id == row.id, Submission.state == "keying")
    return db.session.scalar(asked.order_by(Submission.received_at.desc()).limit(1))


def named(identity: Identity, reference: str) -> Dossier:
    """The dossier whose reference stands on a paper, however it is typed. NotFound when it is absent or hidden."""
    asked = select(Dossier).where(Dossier.reference.in_(_ways(reference)))
    found = next((row for row in db.session.scalars(asked) if may_open(identity, row)), None)
    if found is None:
        raise NotFound()
    return found


def _ways(reference: str) -> Iterable[str]:
    plain = "".join(reference.split()).upper().replace("–", "-").replace("—", "-")
    return {reference.strip(), plain}

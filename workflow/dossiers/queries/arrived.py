"""What arrived and waits for somebody: answers that nobody's dossier took, or that other answers stand against."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from forms.instance import Instance
from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.catalogue.queries import Published, version
from workflow.db import db
from workflow.dossiers.models import Dossier, Submission
from workflow.dossiers.queries.answers import circumstances, row_limit
from workflow.dossiers.queries.dossiers import may_open
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import KeptFile
from workflow.record.queries import key_of, text
from workflow.storage import unseal

APART = ("conflict", "aside")


def arrived(identity: Identity, operation: str, states: Collection[str], *, settled: bool) -> list[Submission]:
    """What arrived in an operation, in these states, the newest first; nothing for who fills in nothing there."""
    if not access.may_fill(identity, operation):
        return []
    asked = select(Submission).where(Submission.operation_id == operation, Submission.state.in_(sorted(states)))
    if not settled:
        asked = asked.where(Submission.settled_at.is_(None))
    return list(db.session.scalars(asked.order_by(Submission.received_at.desc(), Submission.id)))


def errands(identity: Identity) -> list[approvals.Errand]:
    """What was kept apart and waits for this person: who sent it, or who carries the dossier it is about."""
    places = [one for one in sorted(identity.operations) if access.may_fill(identity, one)]
    if not places:
        return []
    asked = select(Submission.id, Submission.state, Submission.received_at, Dossier.reference)
    asked = asked.outerjoin(Dossier, Dossier.id == Submission.dossier_id)
    asked = asked.where(Submission.state.in_(APART), Submission.settled_at.is_(None))
    asked = asked.where(Submission.operation_id.in_(places))
    asked = asked.where(or_(Submission.person == identity.person, Dossier.officer == identity.person))
    return [_errand(*row) for row in db.session.execute(asked.order_by(Submission.received_at))]


def _errand(submission_id: str, state: str, since: datetime, reference: str | None) -> approvals.Errand:
    told = {"submission_id": submission_id}
    if state == "aside":
        words, hint = "A form was received: whose is it?", "Say to which dossier it belongs."
    else:
        words, hint = "A form was received for %(who)s: compare it.", "The dossier holds other answers."
    return approvals.Errand("dossiers.submission", told, words, reference or "", hint, since)


def dossiers_by_id(ids: Collection[str]) -> dict[str, Dossier]:
    rows = db.session.scalars(select(Dossier).where(Dossier.id.in_(sorted(ids))))
    return {row.id: row for row in rows}


def of_dossier(row: Dossier) -> list[Submission]:
    """What reached one dossier from elsewhere than its pages, the oldest first."""
    asked = select(Submission).where(Submission.dossier_id == row.id, Submission.source.in_(("phone", "paper")))
    return list(db.session.scalars(asked.where(Submission.state != "keying").order_by(Submission.received_at)))


def submission(identity: Identity, submission_id: str, *, lock: bool = False) -> Submission:
    """One arrival this person may see to. NotFound when it is absent or hidden."""
    asked = select(Submission).where(Submission.id == submission_id).options(undefer(Submission.sealed))
    row = db.session.scalar(asked.with_for_update() if lock else asked)
    if row is None or not access.may_fill(identity, row.operation_id):
        raise NotFound()
    dossier = dossier_of(row)
    if dossier is not None and not may_open(identity, dossier):
        raise NotFound()
    return row


def dossier_of(row: Submission) -> Dossier | None:
    return dossiers_by_id([row.dossier_id]).get(row.dossier_id) if row.dossier_id else None


def xml_of(row: Submission) -> str:
    """What arrived, as it came. NotFound once it was erased, or when it was taken as it was."""
    dossier = dossier_of(row)
    key = key_of(dossier.subject if dossier else row.subject)
    if key is None or row.sealed is None:
        raise NotFound("These answers have been erased.")
    told = json.loads(unseal(key, row.sealed, row.subject))
    if not told["xml"]:
        raise NotFound()
    return str(told["xml"])


def instance_of(row: Submission) -> Instance:
    """The answers that arrived, worked out under the form they were given to."""
    form = given_to(row, dossier_of(row)).form
    return Instance.from_xml(form, xml_of(row), circumstances(row.operation_id), row_limit())


def given_to(row: Submission, dossier: Dossier | None) -> Published:
    """The procedure whose form was filled in."""
    return version(dossier.procedure if dossier else row.told["version"])


def files_beside(row: Submission) -> list[KeptFile]:
    """The files that came with answers that were kept apart."""
    kept = [filing.file(one) for one in row.told.get("files", ())]
    return [one for one in kept if not one.erased_at]


def bytes_beside(row: Submission) -> dict[str, bytes]:
    """The same, by the names the answers give them."""
    return {text(one.caption) or one.id: filing.bytes_of_file(one) for one in files_beside(row)}

"""Attachments: added to a household or a dossier, erased when they were put in the wrong place."""

from __future__ import annotations

from workflow import outbox
from workflow.access import Identity
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.attachments import home_of
from workflow.dossiers.queries.mending import may_mend_household
from workflow.errors import Forbidden
from workflow.filing import actions as filing
from workflow.filing.models import KeptFile
from workflow.record import actions as record
from workflow.record.models import chain_of


def attach(
    identity: Identity, to: Household | Dossier, data: bytes, mime: str, *, caption: str, shared: bool
) -> KeptFile:
    """Keep a file with a household or one of its dossiers. Raises Invalid when it is not what may be kept."""
    if not may_mend_household(identity, to.operation_id):
        raise Forbidden()
    subject = to.subject if isinstance(to, Dossier) else f"household:{to.id}"
    part = filing.SHARED if shared else filing.TEAM
    row = filing.attach(to.operation_id, subject, data, mime, identity.person, caption=caption, part=part)
    _note("FileAttached", row, identity.person)
    return row


def erase_file(identity: Identity, row: KeptFile, why: str) -> outbox.Outbox:
    """Take a file away for good: it is out of sight at once; the job that erases its bytes."""
    if not may_mend_household(identity, row.operation_id):
        raise Forbidden()
    job = filing.erase(row, identity.person, why)
    _note("FileErased", row, identity.person)
    return job


def _note(kind: str, row: KeptFile, by: str) -> None:
    home = home_of(row)
    subject = f"household:{home.id}" if home else f"operation:{row.operation_id}"
    record.note(chain_of(row.operation_id), subject, kind, {"person": by}, file=row.id, sha256=row.sha256)

"""What was kept apart is seen to: it is given to its household, taken in the place of what stands there, or left."""

from __future__ import annotations

from dataclasses import replace

from workflow.access import Identity
from workflow.dossiers.actions.submissions import ASIDE, CONFLICT, Receipt, sealed, settle, take_apart
from workflow.dossiers.models import Dossier, Submission
from workflow.dossiers.queries.arrived import bytes_beside, dossier_of, files_beside, submission, xml_of
from workflow.dossiers.queries.arriving import Arrival, Judged, weigh
from workflow.dossiers.queries.keying import named
from workflow.errors import FieldError, Invalid, NotFound, Refused
from workflow.filing import actions as filing
from workflow.storage import fingerprint


def give(identity: Identity, submission_id: str, reference: str) -> Receipt:
    """Say whose answers these are. They count when nothing stands there yet; otherwise they wait to be compared.

    Raises Invalid when no dossier of that reference is known to this person, or its form is another.
    """
    row = submission(identity, submission_id, lock=True)
    if row.state != ASIDE or row.settled_at:
        raise Refused("settled", "Somebody has seen to this already.")
    try:
        found = weigh(identity, _dossier(identity, row, reference), _again(row))
    except NotFound as other:
        raise Invalid([FieldError("reference", "These answers are to another form than this dossier.")]) from other
    if not found.why:
        return take_apart(found, row, identity.person)
    _move(row, found)
    row.state, row.why, row.dossier_id = CONFLICT, found.why, found.dossier
    return Receipt(row.id, CONFLICT)


def _dossier(identity: Identity, row: Submission, reference: str) -> Dossier:
    try:
        dossier = named(identity, reference)
    except NotFound as absent:
        raise Invalid([FieldError("reference", "No dossier that you may open has this reference.")]) from absent
    if dossier.operation_id != row.operation_id:
        raise Invalid([FieldError("reference", "No dossier that you may open has this reference.")])
    return dossier


def _again(row: Submission) -> Arrival:
    return Arrival(xml_of(row), row.source, row.device, bytes_beside(row))


def _move(row: Submission, found: Judged) -> None:
    """From now on it lies under the key of its dossier."""
    for kept in files_beside(row):
        filing.move(kept, found.subject)
    row.sealed = sealed(found.key, row.id, found.arrival.xml, ())
    row.mark = fingerprint(found.key, found.arrival.xml.encode())


def take(identity: Identity, submission_id: str) -> Receipt:
    """These answers take the place of those that stand in the draft. Raises Refused when they cannot any more."""
    row = submission(identity, submission_id, lock=True)
    dossier = dossier_of(row)
    if row.state != CONFLICT or row.settled_at or dossier is None:
        raise Refused("settled", "Somebody has seen to this already.")
    found = weigh(identity, dossier, _again(row), over=True)
    if found.why == "not_open":
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    if found.why:
        raise Refused("other_version", "These answers were given to another version of the form: copy what is needed.")
    return take_apart(replace(found, packed=None), row, identity.person)


def leave(identity: Identity, submission_id: str) -> Submission:
    """Somebody has looked: what stands in the dossier stays. What arrived is kept."""
    row = submission(identity, submission_id, lock=True)
    if row.state not in (CONFLICT, ASIDE) or row.settled_at:
        raise Refused("settled", "Somebody has seen to this already.")
    settle(row, identity.person, "left")
    return row

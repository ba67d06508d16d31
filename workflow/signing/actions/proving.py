"""The evidence beside a document: asked for, written, sealed, kept. Nothing is ever added to what was signed."""

from __future__ import annotations

from hashlib import sha256

from flask import current_app
from flask_babel import force_locale

from documents import evidence_file
from workflow import clock, outbox, storage
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import NotFound, Refused
from workflow.filing import queries as filing
from workflow.operations.queries import operation as find_operation
from workflow.record import actions as record
from workflow.signing.actions.keeping import note
from workflow.signing.models import SUBJECT, Evidence, Room
from workflow.signing.queries import evidence, proofs, rooms
from workflow.signing.queries.rooms import Open

PROVE = "signing.make_evidence"
LANG = "fr"


def ask(row: Room, by: str, key: str = "") -> None:
    """To be made by a job. One that is not ready yet is not asked for again."""
    known = evidence.several(row.id)
    if row.state not in evidence.OVER or (known and known[0].made_at is None):
        return
    made = Evidence(id=new_id(), operation_id=row.operation_id, room_id=row.id, asked_by=by, asked_at=clock.now())
    db.session.add(made)
    db.session.flush()
    outbox.add(PROVE, subject=f"evidence:{made.id}", key=f"{PROVE}:{key or made.id}")


def ask_anew(identity: Identity, reference: str) -> None:
    """For whoever may read it. Raises NotFound, Refused before there is something to prove."""
    known = Open(rooms.room(reference))
    if not evidence.may_read(identity, known):
        raise NotFound()
    if known.row.state not in evidence.OVER:
        raise Refused("not_over", "The evidence is made once the signatures are over.")
    ask(known.row, identity.person)


def make(lease: outbox.Lease) -> None:
    """Gather, compose, seal, keep. Raises NoKey: it is tried again later. Of an erased room nothing is made."""
    found = evidence.by_id(lease.subject.removeprefix("evidence:"))
    known = Open(rooms.by_subject(f"{SUBJECT}{found.room_id}"))
    config, now = current_app.config["RELAIS"], clock.now().replace(microsecond=0)
    place = find_operation(known.row.operation_id)
    try:
        key = record.key_for(known.row.subject)
        with force_locale(LANG):
            told = proofs.told(known, config.issuer)
    except (NotFound, Refused):
        return
    name, city = f"signing/evidence/{found.id}-{lease.fence}", place.city if place else ""
    bound, reference, zone = evidence.seal_of(found), known.paper.reference, known.zone
    db.session.rollback()  # no transaction is held while it is written
    made = evidence_file.composed(
        told,
        evidence_file.model_of(filing.HOUSE, LANG),
        filing.house_style(config.issuer),
        lang=LANG,
        reference=reference,
        made_at=now,
        zone=zone,
        issuer=config.issuer,
        verify_url=f"{config.base_url}/verify/{reference}",
    )
    sealed = evidence_file.sealed(made, filing.authority(config), at=now, reason="", location=city)
    storage.open_store(config.storage_url).put(name, storage.seal(key, sealed, bound))
    with lease.finish():
        row = evidence.by_id(lease.subject.removeprefix("evidence:"))
        row.made_at, row.name, row.size = clock.now(), name, len(sealed)
        row.sha256 = sha256(sealed).hexdigest()
        note(rooms.by_subject(f"{SUBJECT}{row.room_id}"), "EvidenceMade", "", sha256=row.sha256)

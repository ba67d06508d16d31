"""A file comes back from another signing tool: it is looked over and kept, then taken for the signature in it, or not.

Whatever was handed in is kept, refused files too: they are evidence.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app

from documents import arrivals as engine
from documents import changes
from documents.authority import NoKey
from documents.holders import Holder, holder_of
from documents.receiving import received
from workflow import clock, storage
from workflow.access import Identity
from workflow.circuit.decide import Actor
from workflow.db import db, new_id
from workflow.errors import Forbidden, Refused
from workflow.filing import queries as filing
from workflow.record import actions as record
from workflow.signing.actions.certificates import remember
from workflow.signing.actions.keeping import note
from workflow.signing.actions.signing import Signer, Told, city_of, put, sealing, signer_inside
from workflow.signing.models import DROPPED, HELD_BACK, LOOKED_OVER, TAKEN, Arrival, Revision
from workflow.signing.queries import arrivals, revisions
from workflow.signing.queries.arrivals import Opened
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.links import outsider_of
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.rules.channels import PARAPHEUR
from workflow.signing.rules.course import ROLE
from workflow.signing.rules.returned import OTHER_STATE, Fault, Found, against

MOST_CHANGES = 6
"""Lines of what differs that are kept of a refused file."""


@dataclass(frozen=True)
class Out:
    """The document as it is out to be signed elsewhere, read before anything slow is done. states: (size, fingerprint)
    of every state the file was in; others: {place of another signatory: their name}; roots: what is ours.
    """

    data: bytes
    mark: str
    states: tuple[tuple[int, str], ...]
    others: dict[str, str]
    level: str
    roots: tuple[bytes, ...]
    ours: frozenset[str]


def out_for(known: Open, party: Party) -> Out:
    """Raises NotFound once the paper was erased."""
    present = revisions.present(known.row)
    states = tuple((one.size, one.after) for one in revisions.revisions(known.row.id, undone=True))
    others = {one.row.field: one.acting.name for one in known.parties if one.row.field and one.id != party.id}
    data = revisions.bytes_of(known.row, present)
    return Out(data, present.after, states, others, party.row.level, *_own())


def _own() -> tuple[tuple[bytes, ...], frozenset[str]]:
    """What is ours; nothing while the keys cannot be read: what comes is looked over and kept all the same."""
    try:
        authority = filing.authority(current_app.config["RELAIS"])
    except NoKey:
        return (), frozenset()
    return authority.trust_roots, authority.fingerprints


def look_over(out: Out, came: bytes, now: datetime) -> Opened:
    """What is in a file that came back. Takes a second: whoever calls holds no transaction."""
    begun = _state_in(out, came)
    judged = engine.returned(begun, came, trust_roots=out.roots, at=now)
    if judged.refused:
        told = judged.refused
        return Opened(Fault(told.code, told.msgid, dict(told.params)), changes=_changes(told.code, out, came))
    if begun != out.data:
        return Opened(Fault("other_state", OTHER_STATE))
    try:
        found = tuple(_found(one) for one in judged.added)
    except (ValueError, TypeError, KeyError):
        return Opened(Fault("unreadable", "This PDF file is damaged and cannot be read."))
    return Opened(against(found, others=out.others, level=out.level, now=now, ours=out.ours), found)


def _state_in(out: Out, came: bytes) -> bytes:
    """The latest state of the file that it begins with; the present one where it begins with none."""
    sizes = [size for size, mark in out.states if size <= len(came) and sha256(came[:size]).hexdigest() == mark]
    return came[: max(sizes)] if sizes else out.data


def _changes(code: str, out: Out, came: bytes) -> tuple[tuple[str, dict[str, Any]], ...]:
    if code not in ("changed", "other_document"):
        return ()
    found = changes.between(out.data, came)
    told = [(one.msgid, dict(one.params)) for one in found if one.code != "more"]
    return tuple(told[:MOST_CHANGES])


def _found(one: engine.Added) -> Found:
    holder = holder_of(one.certificate)
    return Found(
        field=one.field,
        name=one.name,
        issuer=one.issuer,
        fingerprint=holder.fingerprint,
        since=holder.since,
        until=holder.until,
        at=one.time,
        claims_qualified=one.claims_qualified,
        prepared=one.prepared,
    )


def keep_arrival(who: Signer, out: Out, came: bytes, told: Opened, by: str) -> Arrival:
    """The bytes that came and what was found in them, kept under the key of the room; the same ones only once."""
    row, signatory, mark = who.known.row, who.party.id, sha256(came).hexdigest()
    earlier = arrivals.same_arrival(row.id, signatory, out.mark, mark)
    code = told.fault.code if told.fault else ""
    if earlier is not None and (earlier.state, earlier.code) == (HELD_BACK if code else LOOKED_OVER, code):
        return earlier
    found = Arrival(
        id=new_id(),
        operation_id=row.operation_id,
        room_id=row.id,
        signatory_id=signatory,
        sent=out.mark,
        sha256=mark,
        name="",
        size=len(came),
        by=by,
        at=clock.now(),
        state=HELD_BACK if code else LOOKED_OVER,
        code=code,
        told=record.keep_text(row.subject, json.dumps(asdict(told), default=_iso, ensure_ascii=False)),
    )
    found.name = f"signing/arrived/{found.id}"
    store = storage.open_store(current_app.config["RELAIS"].storage_url)
    store.put(found.name, storage.seal(record.key_for(row.subject), came, arrivals.arrival_seal(found.id)))
    db.session.add(found)
    db.session.flush()
    told_of = {"signatory": signatory, "sent": out.mark, "sha256": mark, "state": found.state, "code": found.code}
    note(row, "FileHandedIn", by, **told_of)
    return found


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def signer_elsewhere(identity: Identity, known: Open, party: Party) -> Signer:
    """The signatory themself, or whoever runs the room and hands the file in for them. Raises Forbidden."""
    if party.person == identity.person:
        return signer_inside(identity, known, party.id)
    if not runs(identity, known.row):
        raise Forbidden()
    voice = party.person or outsider_of(party)
    actor = Actor(voice, ROLE, party.row.organisation or None, recorded_by=identity.person)
    return Signer(known, party, actor)


def take(who: Signer, arrival_id: str) -> Revision:
    """The file is the next state, sealed by us as received; or nothing is. Raises Moved, Refused."""
    row = who.known.row
    found = arrivals.arrival(row.id, arrival_id)
    if found.signatory_id != who.party.id:
        raise Refused("other_signatory", "This file was handed in for somebody else.")
    told = Told(True, True, b"", base=revisions.base(row).after, seen=found.sha256, version=0)
    made = put(who, PARAPHEUR, told, lambda data: _received(who, data, arrival_id))
    by = who.actor.recorded_by or who.actor.person
    for one in arrivals.opened(found).found:
        remember(row, made, _holder(one), signatory=who.party.id, field=one.field, at=one.at, by=by)
    found.state, found.decided_at = TAKEN, clock.now()
    return made


def _received(who: Signer, data: bytes, arrival_id: str) -> bytes:
    """What came, sealed on arrival; as long as it still begins with the present state of the file."""
    row = who.known.row
    found = arrivals.arrival(row.id, arrival_id, lock=True)
    if found.state != LOOKED_OVER:
        raise Refused("decided", "This file was taken or set aside already.")
    if sha256(data).hexdigest() != found.sent:
        raise Refused("other_state", OTHER_STATE)
    came = arrivals.bytes_that_came(row, found)
    with sealing() as authority:
        at = revisions.instant(row).replace(microsecond=0)
        return received(came, authority, at=at, reason="", location=city_of(who))


def _holder(one: Found) -> Holder:
    return Holder(one.name, one.issuer, one.fingerprint, one.since, one.until, one.claims_qualified)


def set_aside(who: Signer, arrival_id: str) -> None:
    """It is not the signature of this person: the file stays kept, and is taken for nothing. Raises Refused."""
    found = arrivals.arrival(who.known.row.id, arrival_id, lock=True)
    if found.state != LOOKED_OVER or found.signatory_id != who.party.id:
        raise Refused("decided", "This file was taken or set aside already.")
    found.state, found.decided_at = DROPPED, clock.now()
    by = who.actor.recorded_by or who.actor.person
    note(who.known.row, "FileSetAside", by, signatory=who.party.id, sha256=found.sha256)

"""A room is prepared: who signs, in what order, how, under which mandate."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from workflow import clock
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import FieldError, Forbidden, Invalid, Moved, Refused
from workflow.filing import actions as filing
from workflow.filing import queries
from workflow.filing.models import Paper
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.signing.actions.keeping import note
from workflow.signing.models import COMPLETE, OPEN, PREPARING, Room, Signatory
from workflow.signing.queries import rooms
from workflow.signing.queries.entitled import may_ask_to_sign, runs
from workflow.signing.queries.proposing import Proposed, places_in, proposed
from workflow.signing.queries.rooms import Words
from workflow.signing.rules.channels import MANDATES, OF_CHANNEL, OFFERED, RESPONSIBILITY, level_of

DELAY = 10
"""Working days for each rank, unless something else is said."""
MOST_DELAY = 120
MANDATE = "mandate"  # what the file of a mandate is called among those that are kept


@dataclass(frozen=True)
class Draft:
    """One signatory as it was typed. person: somebody with an account; mandate_data: a new file, or nothing."""

    words: Words
    rank: int
    channel: str
    level: str = ""
    organisation: str = ""
    person: str | None = None
    group: str = ""
    needed: int = 1
    field: str = ""
    mandate: str = ""
    number: str = ""
    day: date | None = None
    mandate_data: bytes = b""


@dataclass(frozen=True)
class Manner:
    """How the whole room goes. delay: working days for each rank; until: the last day, or none."""

    delay: int = DELAY
    until: date | None = None
    seal_last: bool = False
    archive: bool = True
    original: str = "pdf"


def prepare(
    identity: Identity, paper: Paper, *, replaces: Room | None = None, accession_to: Room | None = None
) -> Room:
    """A room for this paper with whoever could sign it; the one that is there already. Raises Forbidden, Refused."""
    if not may_ask_to_sign(identity, paper):
        raise Forbidden()
    known = rooms.rooms_of(paper.id)
    if known and known[0].state in (PREPARING, OPEN):
        return known[0]
    if known and known[0].state == COMPLETE:
        raise Refused("signed_already", "This document is signed already: what changes is said in another document.")
    row = _new(identity, paper, len(known), replaces, accession_to)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return rooms.rooms_of(paper.id)[0]  # somebody else was faster
    if replaces is None:
        for place, one in enumerate(proposed(paper), start=1):
            _propose(row, place, one)
    else:
        _take_over(row, replaces, set(places_in(paper)))
    note(row, "RoomPrepared", identity.person, paper=paper.id)
    return row


def _new(identity: Identity, paper: Paper, earlier: int, replaces: Room | None, accession_to: Room | None) -> Room:
    return Room(
        id=new_id(),
        operation_id=paper.operation_id,
        paper_id=paper.id,
        paper_subject=paper.subject,
        reference=f"{paper.reference}-{earlier + 1}" if earlier else paper.reference,
        number=replaces.number + 1 if replaces else 1,
        replaces=replaces.id if replaces else None,
        accession_to=accession_to.id if accession_to else None,
        seal="first",
        original="pdf",
        delay=DELAY,
        state=PREPARING,
        made_by=identity.person,
        made_at=clock.now(),
    )


def _propose(row: Room, place: int, one: Proposed) -> None:
    signatory = Signatory(
        id=new_id(),
        operation_id=row.operation_id,
        room_id=row.id,
        rank=1,
        place=place,
        told=_sealed(row, one.words),
        field=one.field,
        organisation=one.organisation,
        person_id=one.person,
        channel=one.channel,
        level=level_of(one.channel),
    )
    db.session.add(signatory)


def _take_over(row: Room, earlier: Room, places: set[str]) -> None:
    """Whoever was asked to sign the earlier version, with their mandates; those who signed sign anew."""
    row.delay, row.seal, row.archive, row.original = earlier.delay, earlier.seal, earlier.archive, earlier.original
    for one in rooms.parties(earlier.id):
        told = one.row
        kept = {name: getattr(told, name) for name in _TAKEN_OVER}
        field = told.field if told.field in places else ""
        file = _copied(row, told.mandate_file) if told.mandate_file else None
        mine = {"id": new_id(), "operation_id": row.operation_id, "room_id": row.id, "told": _sealed(row, one.words)}
        db.session.add(Signatory(**kept, **mine, field=field, mandate_file=file))


_TAKEN_OVER = (
    *("rank", "place", "group", "needed", "organisation", "person_id", "channel", "level"),
    *("mandate", "mandate_number", "mandate_day", "voucher"),
)


def _copied(row: Room, file_id: str) -> str:
    """The file of a mandate, under the key of the new room."""
    kept = queries.file(file_id)
    data = queries.bytes_of_file(kept)
    return filing.attach(row.operation_id, row.subject, data, kept.mime, kept.kept_by, caption=MANDATE, part=MANDATE).id


def _sealed(row: Room, words: Words) -> str:
    return record.keep_text(row.subject, json.dumps(asdict(words), ensure_ascii=False))


def put_signatory(identity: Identity, reference: str, told: Draft, version: int, signatory_id: str = "") -> Signatory:
    """Add somebody, or change what was typed. Raises Invalid, Moved, Refused."""
    row = _at_work(identity, reference, version)
    _check(told)
    known = rooms.signatories(row.id)
    found = next((one for one in known if one.id == signatory_id), None)
    if signatory_id and found is None:
        raise Moved()
    if found is None:
        place = max((one.place for one in known), default=0) + 1
        found = Signatory(id=new_id(), operation_id=row.operation_id, room_id=row.id, place=place)
    _write(row, found, told, identity.person)
    db.session.add(found)
    row.version += 1
    db.session.flush()
    note(row, "SignatoryPut", identity.person, signatory=found.id, mandate=found.mandate)
    return found


def _write(row: Room, found: Signatory, told: Draft, by: str) -> None:
    before = found.told
    found.told = _sealed(row, told.words)
    record.drop_text(before or "")
    found.rank, found.group, found.needed, found.field = told.rank, told.group, told.needed, told.field
    found.organisation, found.person_id = told.organisation, told.person
    found.channel, found.level = told.channel, level_of(told.channel, told.level)
    found.mandate, found.mandate_number, found.mandate_day = told.mandate, told.number, told.day
    found.voucher = by if told.mandate == RESPONSIBILITY else ""
    if told.mandate_data:
        found.mandate_file = keep_mandate(row, told.mandate_data, by)


def keep_mandate(row: Room, data: bytes, by: str) -> str:
    """The file of a mandate; its id. Raises Invalid with the field "mandate_file"."""
    try:
        kept = filing.attach(row.operation_id, row.subject, data, "", by, caption=MANDATE, part=MANDATE)
    except Invalid as problem:
        errors = [FieldError("mandate_file", error.message, error.params) for error in problem.errors]
        raise Invalid(errors) from problem
    return kept.id


def _check(told: Draft) -> None:
    errors = []
    if told.channel not in OFFERED:
        errors.append(FieldError("channel", "Choose one of the ways."))
    elif told.level and told.level not in OF_CHANNEL[told.channel]:
        message = "This way of signing does not reach this: choose the signing tool of their organisation."
        errors.append(FieldError("level", message))
    if told.mandate and told.mandate not in MANDATES:
        errors.append(FieldError("mandate", "Choose one of the mandates."))
    if told.mandate == RESPONSIBILITY and not told.words.why.strip():
        errors.append(FieldError("why", "Say why you ask for the signature before the mandate is there."))
    if told.words.mail and told.channel != "paper" and not told.person and people.account_at(told.words.mail):
        message = "Somebody with an access to Relais reads this address: choose that person, or give another address."
        errors.append(FieldError("mail", message))
    if errors:
        raise Invalid(errors)


def remove_signatory(identity: Identity, reference: str, signatory_id: str, version: int) -> None:
    row = _at_work(identity, reference, version)
    found = next((one for one in rooms.signatories(row.id) if one.id == signatory_id), None)
    if found is None:
        raise Moved()
    record.drop_text(found.told)
    db.session.delete(found)
    row.version += 1
    note(row, "SignatoryRemoved", identity.person, signatory=signatory_id)


def set_manner(identity: Identity, reference: str, told: Manner, version: int) -> None:
    row = _at_work(identity, reference, version)
    if not 0 <= told.delay <= MOST_DELAY:
        raise Invalid([FieldError("delay", "Choose between 0 and %(count)s days.", {"count": MOST_DELAY})])
    row.delay, row.until, row.archive, row.original = told.delay, told.until, told.archive, told.original
    row.seal = "last" if told.seal_last else "first"
    row.version += 1


def drop(identity: Identity, reference: str) -> None:
    """It was begun by mistake: nobody was asked anything."""
    row = _at_work(identity, reference, None)
    for one in rooms.signatories(row.id):
        record.drop_text(one.told)
        db.session.delete(one)
    db.session.flush()
    db.session.delete(row)
    note(row, "RoomDropped", identity.person, paper=row.paper_id)


def _at_work(identity: Identity, reference: str, version: int | None) -> Room:
    """A room that is still prepared, locked. Raises Forbidden, Refused, Moved."""
    row = rooms.room(reference, lock=True)
    if not runs(identity, row):
        raise Forbidden()
    if row.state != PREPARING:
        raise Refused("room_open", "The signatures are open already: what was agreed is not changed any more.")
    if version is not None and version != row.version:
        raise Moved()
    return row

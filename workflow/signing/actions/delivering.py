"""Everybody who signed receives the complete file: by a link that needs no access, or printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow import clock, outbox
from workflow.access import Identity
from workflow.approvals.queries.personal_links import comes_back
from workflow.db import db, new_id
from workflow.errors import FieldError, Forbidden, Invalid, NotFound, Refused
from workflow.record import actions as record
from workflow.signing.actions.keeping import note, seen
from workflow.signing.models import COMPLETE, SUBJECT, Delivery, Room
from workflow.signing.queries import deliveries, revisions, rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.rooms import OUTSIDER, Open
from workflow.signing.queries.standing import NOT_NEEDED, where
from workflow.signing.rules.deliveries import DAYS, MAIL, WAYS, way_for

DELIVER, SEND_COPY = "signing.deliver", "signing.send_copy"


@dataclass(frozen=True)
class HandedOver:
    """A printed copy was given or posted. how: hand | post."""

    how: str
    on: date | None


def ask(row: Room) -> None:
    """The file is complete: a job hands it to everybody. Asked for twice, it is done once."""
    outbox.add(DELIVER, subject=row.subject, key=f"{DELIVER}:{row.subject}")


def begin(row: Room) -> None:
    """One delivery for each party that has none; links leave by jobs of their own."""
    known = Open(row)
    there = {one.party for one in deliveries.of_room(row.id)}
    for place in where(known, clock.now()):
        party = place.party
        if party.id in there or place.state == NOT_NEEDED:
            continue
        address = deliveries.own_address(party)
        usable = "" if comes_back(address) else address
        how = way_for(place.channel or party.row.channel, usable)
        made = Delivery(id=new_id(), operation_id=row.operation_id, room_id=row.id, party=party.id, how=how)
        db.session.add(made)
        db.session.flush()
        if how == MAIL:
            _send(known, made)


def send(identity: Identity, reference: str, delivery_id: str, address: str) -> None:
    """A link leaves, to this address; an earlier one is dead. Raises Forbidden, Invalid, Refused."""
    known = _managed(identity, reference)
    row = deliveries.delivery(known, delivery_id, lock=True)
    if not address:
        raise Invalid([FieldError("mail", "Give the address to which the mail goes.")])
    if comes_back(address):
        raise Invalid([FieldError("mail", "Mails to this address come back. Correct it first.")])
    if address != deliveries.address_of(known, row):
        row.address = record.keep_text(known.row.subject, address)
    row.how, row.is_sent, row.mail_id, row.token_hash = MAIL, False, None, None
    _send(known, row)
    note(known.row, "CopyAsked", identity.person, party=row.party)


def _send(known: Open, row: Delivery) -> None:
    row.sends += 1
    row.expires_at = _end(known.zone)
    outbox.add(SEND_COPY, subject=f"copy:{row.id}", key=f"{SEND_COPY}:{row.id}:{row.sends}", version=row.sends)


def _end(zone: str) -> datetime:
    """The end of its last day, where the operation takes place."""
    return datetime.combine(clock.today(zone) + timedelta(days=DAYS + 1), time(), ZoneInfo(zone))


def hand_over(identity: Identity, reference: str, delivery_id: str, told: HandedOver) -> None:
    """A printed copy was given or posted. Raises Forbidden, Invalid, Refused."""
    known = _managed(identity, reference)
    row = deliveries.delivery(known, delivery_id, lock=True)
    errors = []
    if told.how not in WAYS:
        errors.append(FieldError("how", "Choose one of the ways."))
    if told.on is None or told.on > clock.today(known.zone):
        errors.append(FieldError("on", "Say on which day: today or before."))
    if errors:
        raise Invalid(errors)
    row.handed_how, row.handed_on, row.handed_by = told.how, told.on, identity.person
    note(known.row, "CopyHandedOver", identity.person, party=row.party, how=told.how, on=str(told.on))


def open_by_link(delivery_id: str, what: str) -> tuple[deliveries.Item, bytes]:
    """The file, for whoever came by the link; that it was opened is written once. Raises NotFound."""
    row = deliveries.by_id(delivery_id)
    known = Open(rooms.by_subject(f"{SUBJECT}{row.room_id}"))
    return _opened(known, row, what, f"{OUTSIDER}{row.party}")


def take(identity: Identity, reference: str, what: str) -> tuple[deliveries.Item, bytes]:
    """The same for a signatory with an access. Raises NotFound for everybody else."""
    known = Open(rooms.room(reference))
    row = deliveries.of_person(known, identity.person)
    if row is None:
        raise NotFound()
    return _opened(known, row, what, identity.person)


def _opened(known: Open, row: Delivery, what: str, who: str) -> tuple[deliveries.Item, bytes]:
    item, data = deliveries.bytes_of(known, what)
    db.session.refresh(row, with_for_update=True)  # who opens it at the same instant waits here
    if row.opened_at is None:
        row.opened_at = clock.now()
        note(known.row, "CopyOpened", who, party=row.party)
    if what == deliveries.FILE:
        seen(known.row, who, revisions.present(known.row).after)
    return item, data


def _managed(identity: Identity, reference: str) -> Open:
    known = Open(rooms.room(reference))
    if not runs(identity, known.row):
        raise Forbidden()
    if known.row.state != COMPLETE:
        raise Refused("not_complete", "Not everybody has signed yet: there is nothing to hand over.")
    return known

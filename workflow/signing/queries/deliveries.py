"""Who received the complete file: how it went, whether it was opened, and what a party receives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from workflow import clock
from workflow.approvals.queries.personal_links import hashed
from workflow.db import db, unscoped
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.mail import BOUNCED, Mail
from workflow.outbox import DONE, Outbox
from workflow.people import queries as people
from workflow.record.queries import text
from workflow.signing.models import BASE, COMPLETE, Delivery
from workflow.signing.queries import revisions
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.queries.standing import scans
from workflow.signing.rules import deliveries as rules

PDF = "application/pdf"
ENDINGS = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg"}
FILE, SCAN = "file", "scan"


@dataclass(frozen=True)
class Item:
    """One file that a party receives. what: FILE, or the id of a scan; number: of the scan, 0 for the file."""

    what: str
    name: str
    mime: str
    number: int = 0


def of_room(room_id: str) -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).where(Delivery.room_id == room_id).order_by(Delivery.id)))


def delivery(known: Open, delivery_id: str, *, lock: bool = False) -> Delivery:
    """One of this room. Raises NotFound."""
    asked = select(Delivery).where(Delivery.id == delivery_id, Delivery.room_id == known.row.id)
    row = db.session.scalar(asked.with_for_update() if lock else asked)
    if row is None:
        raise NotFound()
    return row


def by_token(token: str) -> Delivery | None:
    """The delivery behind the secret of an address, whatever became of it."""
    with unscoped("a link is found before one knows of which operation it is"):
        return db.session.scalar(select(Delivery).where(Delivery.token_hash == hashed(token)))


def by_id(delivery_id: str) -> Delivery:
    row = db.session.get(Delivery, delivery_id)
    if row is None:
        raise NotFound()
    return row


def of_person(known: Open, person: str) -> Delivery | None:
    """What somebody with an access receives here."""
    mine = {one.id for one in known.of_person(person)}
    return next((one for one in of_room(known.row.id) if one.party in mine), None)


def address_of(known: Open, row: Delivery) -> str:
    """Where its link goes: an address given for it, else that of the party; "" when there is none."""
    return (text(row.address) or "") if row.address else own_address(known.party(row.party))


def own_address(party: Party) -> str:
    """That of whoever signed: of their access, else the one typed for them."""
    who = people.person(party.person) if party.person else None
    return (who.email if who else party.acting.mail) or ""


def lang_of(known: Open, row: Delivery) -> str:
    party = known.party(row.party)
    who = people.person(party.person) if party.person else None
    return who.lang if who else "fr"


def state(row: Delivery) -> str:
    """A key of `rules.deliveries.STATES`."""
    mail = db.session.get(Mail, row.mail_id) if row.mail_id else None
    return rules.state_of(
        rules.Facts(
            row.how,
            sent=row.is_sent,
            opened=row.opened_at is not None,
            handed=row.handed_how,
            bounced=mail is not None and mail.state == BOUNCED,
            over=row.expires_at is not None and row.expires_at <= clock.now(),
        )
    )


def arrived(rows: Iterable[Delivery]) -> int:
    """How many parties have the document, as far as is known."""
    return sum(state(one) in rules.ARRIVED for one in rows)


def failed_before(key: str) -> bool:
    """Whether a job that is not done was tried in vain already."""
    asked = select(Outbox.attempts).where(Outbox.key == key, Outbox.state != DONE)
    return bool(db.session.scalar(asked))


# -- what is delivered --------------------------------------------------------------------------------------------


def items(known: Open) -> list[Item]:
    """The complete file, where somebody signed in it; the scans of what was signed by hand."""
    if known.row.state != COMPLETE:
        return []
    found = [Item(FILE, f"{known.row.reference}.pdf", PDF)] if is_signed_file(known.row.id) else []
    for number, one in enumerate(scans(known.row.id), start=1):
        mime = filing.file(one.file_id).mime
        name = f"{known.row.reference}-papier-{number}.{ENDINGS.get(mime, 'bin')}"
        found.append(Item(one.id, name, mime, number))
    return found


def is_signed_file(room_id: str) -> bool:
    """Whether the file bears a signature: one that all signed by hand, without a place in it, says nothing."""
    return any(one.why != BASE and one.signatory_id for one in revisions.revisions(room_id))


def bytes_of(known: Open, what: str) -> tuple[Item, bytes]:
    """Raises NotFound: there is no such file, or it was erased."""
    item = next((one for one in items(known) if one.what == what), None)
    if item is None:
        raise NotFound()
    if what == FILE:
        return item, revisions.bytes_of(known.row, revisions.present(known.row))
    scan = next(one for one in scans(known.row.id) if one.id == what)
    return item, filing.bytes_of_file(filing.file(scan.file_id))

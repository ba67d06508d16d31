"""What becomes of notices: mails left or came back, printed ones are handed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from workflow import clock, outbox
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.telling import WORKER, drop, note
from workflow.dossiers.models import Household, Notice
from workflow.dossiers.queries.notices import by_mail
from workflow.dossiers.queries.reaching import comes_back
from workflow.dossiers.rules import BOUNCED, DROPPED, HANDED_OVER, KEPT, MAIL, PAPER, SENT, TO_HAND_OVER, WAITING
from workflow.errors import Refused
from workflow.mail import BOUNCED as REFUSED_MAIL
from workflow.mail import Mail, settle
from workflow.operations.queries import operation
from workflow.people.models import Person
from workflow.people.queries import person
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of

AGAIN = "dossiers.tell_again"


def mail_settled(mail: Mail) -> None:
    """A mail left, was kept, or was refused for good: its notices follow. Harmless when told twice."""
    if mail.state == REFUSED_MAIL:
        came_back(mail, WORKER)
        return
    for row in by_mail(mail.id):
        if row.state == WAITING:
            row.state, row.done_at = mail.state, mail.sent_at or clock.now()


def came_back(mail: Mail, actor: dict[str, str]) -> None:
    """This address does not work: its owner is marked, and each notice it carried waits for somebody to see to it."""
    settle(mail, REFUSED_MAIL)
    for who in db.session.scalars(select(Person).where(func.lower(Person.email) == mail.to.lower())).all():
        if who.bounced_at is None:
            who.bounced_at = clock.now()
            record.note(HOUSE, f"person:{who.id}", "MailCameBack", actor)
    for row in by_mail(mail.id):
        if row.state in (WAITING, SENT, KEPT):
            row.state, row.done_at = BOUNCED, clock.now()
            note(row, "NoticeCameBack", actor)


# -- by hand ------------------------------------------------------------------------------------------------------


def hand_over(operation_id: str, ids: Iterable[str], day: date, by: str) -> int:
    """Printed notices were handed over that day, which the page has checked; how many.

    Those somebody else ticked meanwhile stay as they are.
    """
    rows = db.session.scalars(_to_write(operation_id).where(Notice.id.in_(list(ids)), Notice.state == TO_HAND_OVER))
    found = list(rows)
    for row in found:
        row.state, row.done_at, row.done_by = HANDED_OVER, max(row.made_at, _instant(operation_id, day)), by
        note(row, "NoticeHandedOver", {"person": by}, day=day.isoformat())
    return len(found)


def _instant(operation_id: str, day: date) -> datetime:
    """Now when it was today; noon of an earlier day, where the operation takes place."""
    place = operation(operation_id)
    zone = place.zone if place else "Europe/Paris"
    if day >= clock.today(zone):
        return clock.now()
    return datetime.combine(day, time(12), ZoneInfo(zone))


def undo_handing_over(operation_id: str, notice_id: str, by: str) -> None:
    row = _locked(operation_id, notice_id, HANDED_OVER)
    row.state, row.done_at, row.done_by = TO_HAND_OVER, None, None
    note(row, "HandingOverUndone", {"person": by})


def mark_bounced(operation_id: str, notice_id: str, by: str) -> None:
    """Somebody saw that the mail came back."""
    row = _locked(operation_id, notice_id, SENT, KEPT)
    came_back(db.session.get_one(Mail, row.mail_id), {"person": by})


def to_paper(operation_id: str, notice_id: str, by: str) -> None:
    """The news will be handed over on paper instead."""
    row = _locked(operation_id, notice_id, BOUNCED, SENT, KEPT, DROPPED)
    row.channel, row.state, row.done_at = PAPER, TO_HAND_OVER, None
    note(row, "NoticeToPaper", {"person": by})


def send_again(operation_id: str, notice_id: str, by: str) -> None:
    """To the corrected address. Raises Refused while it is still the one from which mails come back."""
    row = _locked(operation_id, notice_id, BOUNCED)
    address = address_of(row)
    if not address or comes_back(address):
        raise Refused("same_address", "Mails to this address come back. Correct it first.")
    row.channel, row.state, row.done_at = MAIL, WAITING, None
    outbox.add(AGAIN, subject=f"notice:{row.id}", key=f"{AGAIN}:{row.id}:{row.mail_id}")
    note(row, "NoticeSentAgain", {"person": by})


def set_aside(operation_id: str, notice_id: str, by: str) -> None:
    """Nobody needs this news any more."""
    drop(_locked(operation_id, notice_id, BOUNCED, TO_HAND_OVER), {"person": by})


def address_of(row: Notice) -> str | None:
    """Where mails to the person or the household of a notice go."""
    if row.person:
        who = person(row.person)
        return who.email if who else None
    return queries.by_subject(row.subject).about.email


def write_in(household: Household, lang: str, by: str) -> None:
    """In which language one writes to this household."""
    if household.lang == lang:
        return
    household.lang = lang
    record.note(chain_of(household.operation_id), f"household:{household.id}", "LanguageSet", {"person": by}, lang=lang)


def _to_write(operation_id: str):
    asked = select(Notice).where(Notice.operation_id == operation_id)
    return asked.with_for_update().execution_options(populate_existing=True)


def _locked(operation_id: str, notice_id: str, *states: str) -> Notice:
    """The notice, if it is still in one of these states."""
    row = db.session.scalar(_to_write(operation_id).where(Notice.id == notice_id))
    if row is None or row.state not in states:
        raise Refused("seen_to", "Somebody has already seen to this. The page shows how things stand now.")
    return row

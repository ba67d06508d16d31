"""People are told what happened to a dossier: one notice for each of them, whatever becomes of it afterwards."""

from __future__ import annotations

import secrets

from sqlalchemy import and_, or_, select

from workflow import clock
from workflow.db import db, new_id
from workflow.dossiers.models import Dossier, Notice
from workflow.dossiers.queries.addressees import HOUSEHOLD, Told, addressees
from workflow.dossiers.queries.notices import holds, mark_of
from workflow.dossiers.queries.reaching import channel_of_household, channel_of_person
from workflow.dossiers.rules import DROPPED, PAPER, TO_HAND_OVER, WAITING
from workflow.mail import Mail
from workflow.people.queries import person
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import Fact

WORKER = {"process": "worker"}


def tell(row: Dossier, fact: Fact) -> list[Notice]:
    """The notices of one fact that did not exist yet. What earlier ones announced and is no longer so is dropped."""
    drop_what_is_past(row)
    asked = select(Notice.what, Notice.person).where(Notice.subject == row.subject, Notice.version == fact.version)
    known = {tuple(found) for found in db.session.execute(asked)}
    return [_make(row, fact, told) for told in addressees(row, fact) if told not in known]


def _make(row: Dossier, fact: Fact, told: Told) -> Notice:
    household = told.person == HOUSEHOLD
    channel = (
        channel_of_household(row.household) if household and row.household else channel_of_person(person(told.person))
    )
    notice = Notice(
        id=new_id(),
        operation_id=row.operation_id,
        subject=row.subject,
        household_id=row.household_id,
        version=fact.version,
        what=told.what,
        person=told.person,
        channel=channel,
        state=TO_HAND_OVER if channel == PAPER else WAITING,
        made_at=clock.now(),
    )
    db.session.add(notice)
    db.session.flush()
    note(notice, "Told", WORKER, what=told.what, person=told.person, channel=channel, of=row.subject)
    return notice


def note(row: Notice, kind: str, actor: dict[str, str], **data: str) -> None:
    """Append what became of a notice to the record: ids and codes, never its words."""
    record.note(chain_of(row.operation_id), f"notice:{row.id}", kind, actor, **data)


def drop_what_is_past(row: Dossier) -> None:
    """Notices that have not left yet and announce what is no longer so."""
    not_left = or_(Notice.state == TO_HAND_OVER, and_(Notice.state == WAITING, Notice.mail_id.is_(None)))
    for notice in db.session.scalars(select(Notice).where(Notice.subject == row.subject, not_left)).all():
        if not holds(notice):
            drop(notice, WORKER)


def drop(row: Notice, actor: dict[str, str]) -> None:
    row.state, row.done_at = DROPPED, clock.now()
    note(row, "NoticeDropped", actor)


def personal_link(row: Notice) -> str:
    """The secret of a new link for the person of this notice; only its mark is kept, an earlier one dies."""
    token = secrets.token_urlsafe(16)
    row.token_hash = mark_of(token)
    return token


def goes_by(row: Notice, mail: Mail) -> None:
    """This mail carries the notice."""
    row.mail_id = mail.id

"""One mail is one row: written in the transaction that calls for it, settled when its fate is known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from workflow import clock
from workflow.db import Base, db, new_id

WAITING, SENT, KEPT, BOUNCED = "waiting", "sent", "kept", "bounced"


class Mail(Base):
    """One mail to one person. Its text names no household and no answer; once it left it is emptied."""

    __tablename__ = "mail"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


def write(key: str, to: str, subject: str, body: str, lang: str) -> Mail:
    """Write a mail in the present transaction; the same key twice is the same mail."""
    found = db.session.scalar(select(Mail).where(Mail.key == key))
    if found:
        return found
    mail = Mail(
        id=new_id(),
        key=key,
        to=to,
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        lang=lang,
        state=WAITING,
        made_at=clock.now(),
        sent_at=None,
    )
    db.session.add(mail)
    return mail


def settle(mail: Mail, state: str) -> None:
    """What became of a mail: sent, kept for the operator to read, or refused by the server of its addressee."""
    mail.state = state
    if state == SENT:
        mail.sent_at = clock.now()
    if state != KEPT:
        mail.body = ""

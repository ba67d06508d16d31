"""Mail: written as a row, sent by a job over SMTP; without a server it is kept and the operator may read it."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from workflow import clock
from workflow.config import Config
from workflow.db import Base, db, new_id

WAITING, SENT, KEPT = "waiting", "sent", "kept"
TIMEOUT = 30  # seconds


class Mail(Base):
    """One mail to one person. Its text names no household and no answer; once sent it is emptied."""

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


def message(mail: Mail, config: Config) -> EmailMessage:
    """The mail as it travels. Its Message-ID never changes: a repetition is recognised by the receiver."""
    domain = urlsplit(config.base_url).hostname or "localhost"
    note = EmailMessage()
    note["From"], note["To"], note["Subject"] = config.mail_from, mail.to, mail.subject
    note["Date"], note["Message-ID"] = format_datetime(mail.made_at), f"<{mail.id}@{domain}>"
    note["Content-Language"], note["Auto-Submitted"] = mail.lang, "auto-generated"
    note.set_content(mail.body)
    return note


def deliver(note: EmailMessage, url: str) -> None:
    """Hand a message to the server at `url`. Raises smtplib.SMTPException or OSError; the outbox tries again."""
    server = urlsplit(url)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    default = 465 if server.scheme == "smtps" else 25
    with kind(server.hostname or "localhost", server.port or default, timeout=TIMEOUT) as connection:
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(note)

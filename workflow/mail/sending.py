"""A mail as it travels, and its way to the server."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from workflow.config import Config
from workflow.mail.rows import Mail

TIMEOUT = 30  # seconds


class AddressRefused(Exception):
    """The server refuses this address for good: sending again would not help, somebody must look."""


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
    """Hand a message to the server at `url`.

    Raises AddressRefused when its address is refused for good (5xx to RCPT, RFC 5321 4.2.1). Whatever else goes wrong
    (smtplib.SMTPException, OSError) may be better later: the outbox tries again.
    """
    server = urlsplit(url)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    default = 465 if server.scheme == "smtps" else 25
    with kind(server.hostname or "localhost", server.port or default, timeout=TIMEOUT) as connection:
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        try:
            connection.send_message(note)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= PERMANENT for code, _words in refused.recipients.values()):
                raise AddressRefused() from refused
            raise
        except smtplib.SMTPNotSupportedError as unwritable:  # letters in the address that this server cannot carry
            raise AddressRefused() from unwritable


PERMANENT = 500

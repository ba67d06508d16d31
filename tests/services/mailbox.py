"""A mail server that keeps what it receives, for tests of what leaves the house."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """Where to send (`host`, `port`), and what arrived, in order."""

    host: str
    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    refuse_with: str | None = None
    """An SMTP answer such as "451 try later", given to every message until it is None again."""
    unknown: dict[str, str] = field(default_factory=dict)
    """address → the SMTP answer it is refused with, such as "550 5.1.1 no such user"."""

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that arrived for one address."""
        pairs = zip(self.envelopes, self.messages, strict=True)
        return [message for envelope, message in pairs if address in envelope.rcpt_tos]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by aiosmtpd for each recipient."""
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 known"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd for each message."""
        if self.refuse_with is not None:
            return self.refuse_with
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.messages.append(message_from_bytes(raw, _class=EmailMessage, policy=policy.default))
        self.envelopes.append(envelope)
        return "250 kept"


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A mailbox listening on a free port of this machine only."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailbox = Mailbox("127.0.0.1", port)
    controller = Controller(mailbox, hostname=mailbox.host, port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()

"""Delivery reports (RFC 3464): which of our mails came back for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import NamedTuple

FAILED = "failed"
OUR_ID = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")


class Returned(NamedTuple):
    """One address that a report says failed. mail_id: our own identifier, when the report quotes the mail."""

    mail_id: str | None
    address: str


class NotAReport(ValueError):
    """These bytes are no delivery report."""


def read_report(raw: bytes) -> list[Returned]:
    """The addresses that were given up, whatever the reason; those only delayed, relayed or delivered are left out.

    Raises NotAReport when there is no part of type message/delivery-status.
    """
    report = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    status = next((part for part in report.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise NotAReport()
    mail_id = _our_id(report)
    return [Returned(mail_id, address) for address in _failed(status)]


def _failed(status: Message) -> Iterator[str]:
    """Groups of fields: the first is about the whole message, each other one about one recipient (RFC 3464 2.1)."""
    for fields in status.iter_parts() if status.is_multipart() else ():
        if str(fields.get("Action", "")).strip().lower() == FAILED:
            yield _address(str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or ""))


def _address(field: str) -> str:
    """ "rfc822; somebody@example.org" → somebody@example.org."""
    return field.rpartition(";")[2].strip().strip("<>").lower()


def _our_id(report: Message) -> str | None:
    """The identifier of our mail, from the copy of it, or of its headers, that the report carries."""
    for part in report.walk():
        if part.get_content_type() == "message/rfc822":
            found = OUR_ID.search(str(part.get_payload(0).get("Message-ID", "")))
        elif part.get_content_type() == "text/rfc822-headers":
            found = OUR_ID.search(part.get_content())
        else:
            continue
        if found:
            return found[1]
    return None

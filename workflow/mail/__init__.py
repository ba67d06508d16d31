"""Mail: written as a row, sent by a job over SMTP; without a server it is kept and the operator may read it."""

from workflow.mail.reports import NotAReport, Returned, read_report
from workflow.mail.rows import BOUNCED, KEPT, SENT, WAITING, Mail, settle, write
from workflow.mail.sending import AddressRefused, deliver, message

__all__ = [
    "BOUNCED",
    "KEPT",
    "SENT",
    "WAITING",
    "AddressRefused",
    "Mail",
    "NotAReport",
    "Returned",
    "deliver",
    "message",
    "read_report",
    "settle",
    "write",
]

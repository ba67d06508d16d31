"""What jobs, their failures and mails are called on the operator's pages."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_time
from flask_babel import gettext as _

from workflow.dashboards import actions
from workflow.mail import BOUNCED, KEPT, SENT, WAITING
from workflow.web.dates import format_date

Badge = tuple[str, str]
"""(shape and colour, words)."""


def moment(at: datetime) -> str:
    """An instant as this place reads it."""
    return _("%(date)s at %(time)s", date=format_date(at, "long"), time=format_time(at, "short"))


def kind(name: str) -> str:
    """What a job does, in words."""
    words = {
        "mail.send": _("Send a mail"),
        "people.send_reset_link": _("Prepare a link to choose a new password"),
        "people.send_invitation": _("Write an invitation"),
        "people.tell_address": _("Ask for a new address to be confirmed"),
        "people.tell_code": _("Tell somebody that a code was printed for them"),
        "people.tell_absence": _("Tell of an absence"),
        "people.tell_role_taken": _("Tell of a role somebody gave themselves"),
        "approvals.refresh": _("Say again whom tasks wait for"),
        "approvals.tell": _("Look again at a file whose people changed"),
        "approvals.carry_out_batch": _("Carry out what was asked for several files"),
        "approvals.ask_sitting_sheet": _("Prepare the list of decisions of a meeting"),
        "approvals.make_sitting_sheet": _("Make and seal the list of decisions of a meeting"),
        "filing.erase": _("Erase a file for good"),
        "dossiers.make_papers": _("Prepare the documents of a dossier"),
        "dossiers.make_paper": _("Make and seal a document"),
        "dossiers.tell": _("Tell people what happened to a dossier"),
        "dossiers.tell_again": _("Send again a mail that came back"),
        "dossiers.daily_mails": _("Write the daily mails"),
        "dossiers.depart": _("Close an access at its hour"),
        "dossiers.ask_handover_sheet": _("Prepare a hand-over sheet"),
        "dossiers.make_handover_sheet": _("Make and seal a hand-over sheet"),
        "dossiers.tell_successors": _("Tell who takes over"),
        "dossiers.send_link": _("Send a personal link"),
        "dossiers.send_code": _("Send a code for a personal link"),
        "dossiers.change_versions": _("Move files to a newer form"),
        "catalogue.refit": _("Fit the forms to an operation again"),
        "catalogue.follow": _("Tell the operations of a newer form"),
        "catalogue.forget_return": _("Erase a Word file that came back"),
        "exchange.import_households": _("Bring in a list of households"),
        "exchange.forget_file": _("Erase a file that was not brought in"),
        "signing.tell": _("Tell people about a document to sign"),
        "signing.last_day": _("Tell people about the last day to sign"),
        "signing.close": _("Close a signed document"),
        "signing.deliver": _("Hand a signed document to everybody"),
        "signing.send_copy": _("Send a link to a signed document"),
        "signing.make_evidence": _("Make and seal the evidence of a signed document"),
        "signing.remind_ends": _("Tell that signed documents end soon"),
        "signing.send_link": _("Send a link to sign"),
        "signing.send_code": _("Send a code to sign"),
        "surveys.make_report": _("Write and seal the report of a survey"),
        "charter.announce": _("Tell those invited that a text is submitted"),
        "charter.tell": _("Tell an author what came of their contribution"),
        "charter.make_paper": _("Write and seal a text under discussion"),
        "writing.make_paper": _("Write and seal a paper"),
        "writing.write_letters": _("Write and seal letters to several households"),
        actions.NEW_DAY: _("Begin the day"),
        actions.VERIFY: _("Read the journals through"),
    }
    return words.get(name, _("Another job"))


def cause(error: str | None) -> str:
    """The kind of the error; its text is never kept, because it may quote an answer."""
    words = {
        None: "",
        "WorkerDied": _("the program was stopped in the middle of the work"),
        "JobTimeoutException": _("the work took too long"),
        "NoKey": _("the keys of the seal are missing"),
        "SealEnds": _("the certificate of the seal ends too soon: it must be renewed first"),
        "NoToken": _("the time-stamping service does not answer, or refuses"),
        "ConnectionRefusedError": _("the other server does not answer"),
        "TimeoutError": _("the other server does not answer"),
        "gaierror": _("the other server is not found"),
        "SMTPAuthenticationError": _("the mail server refuses our password"),
        "SMTPRecipientsRefused": _("the mail server refuses this address"),
    }
    return words.get(error, error or "")


def job_state(state: str) -> Badge:
    """failed | again (by itself) | waiting | done."""
    words = {
        "failed": ("late", _("failed")),
        "again": ("waiting", _("will be tried again")),
        "waiting": ("todo", _("under way")),
        "done": ("done", _("done")),
    }
    return words.get(state, ("waiting", state))


def mail_state(state: str) -> Badge:
    words = {
        WAITING: ("waiting", _("waiting")),
        SENT: ("done", _("sent")),
        KEPT: ("closed", _("kept here")),
        BOUNCED: ("late", _("came back")),
    }
    return words.get(state, ("closed", state))

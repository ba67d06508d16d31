"""Doors: every job, every mail, as lists like any other. No household and no answer is ever shown here."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.dashboards.pages.blueprint import dashboards
from workflow.dashboards.pages.wording import cause, job_state, kind, mail_state, moment
from workflow.dashboards.queries import works
from workflow.mail import BOUNCED, KEPT, SENT, WAITING, Mail
from workflow.outbox import Outbox
from workflow.web import listed


@dashboards.get("/operator/jobs")
def jobs() -> Any:
    """Those that are not done, unless the address asks for the done ones."""
    state = listed.Filter("state", _("State"), _choices(works.JOB_STATES, job_state, _("Not done")))
    word = listed.Filter("kind", _("Job"), [("", _("All")), *_kinds()])
    rows = works.jobs(state.asked, word.asked)
    return listed.show(
        listed.Listed(
            title=_("Jobs"),
            lead=_("What the server does by itself: what failed first, then what was asked for first."),
            columns=_job_columns(),
            rows=rows,
            known=works.job_count(),
            filters=[state, word],
            counted=lambda count: ngettext("%(num)s job", "%(num)s jobs", count),
            empty=listed.Empty(_("No job yet"), _("Mails, documents and reminders appear here while they are made.")),
            file_name="travaux",
            private=False,
            more={"back_url": url_for("dashboards.operator", _anchor="works")},
        ),
        "dashboards/works.html",
    )


def _choices(states: tuple[str, ...], said: Any, first: str) -> list[tuple[str, str]]:
    return [("", first), *((state, said(state)[1]) for state in states)]


def _kinds() -> list[tuple[str, str]]:
    return sorted(((name, kind(name)) for name in works.kinds()), key=lambda pair: pair[1].casefold())


def _job_columns() -> list[listed.Column]:
    def state(row: Outbox) -> str:
        return job_state(works.state_of(row))[1]

    def state_cell(row: Outbox) -> listed.Cell:
        family, words = job_state(works.state_of(row))
        return {"text": words, "state": family, "sub": cause(row.last_error)}

    return [
        listed.Column(_("Job"), lambda row: kind(row.kind), width=40),
        listed.Column(_("State"), state, state_cell, width=24),
        listed.Column(_("Attempts"), lambda row: row.attempts, number=True),
        listed.Column(_("Asked for"), lambda row: moment(row.made_at), width=30),
        listed.Column(_("Done"), lambda row: moment(row.done_at) if row.done_at else "", width=30),
        listed.Column(_("Reason"), lambda row: cause(row.last_error), width=34, on_page=False),
    ]


@dashboards.get("/operator/mails")
def mails() -> Any:
    """To whom, when, and what became of it; the text of a mail that left is kept nowhere."""
    words = listed.Filter("q", _("Subject or address"))
    state = listed.Filter("state", _("State"), _choices((WAITING, SENT, KEPT, BOUNCED), mail_state, _("All")))
    rows = works.mails(None, words.asked, state.asked)
    return listed.show(
        listed.Listed(
            title=_("Mails"),
            lead=_("Every mail this server has written, the newest first. None names a household or an answer."),
            columns=_mail_columns(),
            rows=rows,
            known=works.mail_count(),
            filters=[words, state],
            counted=lambda count: ngettext("%(num)s mail", "%(num)s mails", count),
            empty=listed.Empty(_("No mail was written yet."), _("Invitations, reminders and news appear here.")),
            file_name="courriels",
            more={"back_url": url_for("dashboards.operator", _anchor="mails")},
        ),
        "dashboards/works.html",
    )


def _mail_columns() -> list[listed.Column]:
    def subject(row: Mail) -> listed.Cell:
        cell: listed.Cell = {"text": row.subject, "lang": row.lang}
        return cell | ({"url": url_for("dashboards.mail", mail_id=row.id)} if row.state == KEPT else {})

    def state(row: Mail) -> listed.Cell:
        family, words = mail_state(row.state)
        return {"text": words, "state": family}

    return [
        listed.Column(_("Subject"), lambda row: row.subject, subject, width=44),
        listed.Column(_("Addressee"), lambda row: row.to, width=34),
        listed.Column(_("State"), lambda row: mail_state(row.state)[1], state, width=18),
        listed.Column(_("Written on"), lambda row: moment(row.made_at), width=30),
    ]

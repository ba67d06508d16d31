"""Jobs: the mail that carries a personal link, and the one that carries its code. Neither says whom it concerns."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock, mail, outbox
from workflow.approvals.models import PersonalLink
from workflow.circuit.deadlines import last_day
from workflow.db import Scope, db, scoped
from workflow.dossiers import queries
from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.reaching import Contact, whom_to_call
from workflow.mail import Mail
from workflow.operations.queries import operation
from workflow.web.dates import format_date
from workflow.web.extensions import LANGUAGES

DIGITS = 6
CODE_LIFE = timedelta(minutes=30)


def send_link(lease: outbox.Lease) -> None:
    """The secret is made here, written into its mail, and known to nobody else."""
    with lease.finish():
        row = actions.locked(lease.subject.removeprefix("link:"))
        with scoped(Scope(frozenset((row.operation_id,)))):
            if row.mail_id is not None or not _wanted(row):
                return
            url = f"{current_app.config['RELAIS'].base_url}/a/{actions.fresh_token(row)}"
            with force_locale(_lang(row)):
                told = {"url": url, "until": format_date(_last_day(row), "full"), "code_by": row.code_by}
                body = render_template("emails/personal_link.txt", contact=_contact(row), **told)
                written = _post(row, f"link:{row.id}", _("A page is waiting for you"), body)
            row.mail_id, row.left_at = written.id, clock.now()
            actions.note(row, "LinkSent")


def send_code(lease: outbox.Lease) -> None:
    """One code for each time it was asked for; a repetition finds that a newer one was made."""
    with lease.finish():
        row = actions.locked(lease.subject.removeprefix("link:"))
        with scoped(Scope(frozenset((row.operation_id,)))):
            if row.codes >= lease.version or not _wanted(row):
                return
            code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
            actions.keep_code(row, code, CODE_LIFE)
            with force_locale(_lang(row)):
                told = {"code": f"{code[:3]} {code[3:]}", "minutes": CODE_LIFE.seconds // 60}
                body = render_template("emails/personal_code.txt", contact=_contact(row), **told)
                _post(row, f"link-code:{row.id}:{lease.version}", _("Your code"), body)
            actions.note(row, "CodeSent")


def _wanted(row: PersonalLink) -> bool:
    return links.fate(row) == links.ALIVE and bool(links.address_of(row))


def _last_day(row: PersonalLink) -> date:
    place = operation(row.operation_id)
    return last_day(row.expires_at, place.zone if place else "Europe/Paris")


def _contact(row: PersonalLink) -> Contact:
    return whom_to_call(queries.by_subject(row.subject))


def _lang(row: PersonalLink) -> str:
    return row.lang if row.lang in LANGUAGES else "fr"


def _post(row: PersonalLink, key: str, subject: str, body: str) -> Mail:
    written = mail.write(key, links.address_of(row), subject, body, _lang(row))
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{written.id}", key=f"mail.send:{written.id}")
    return written

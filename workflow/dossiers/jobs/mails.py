"""Mails about dossiers: neutral words that name no household and no answer, and the reader's own link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import mail, outbox
from workflow.circuit.deadlines import last_day
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.telling import goes_by, personal_link
from workflow.dossiers.models import Dossier, Notice
from workflow.dossiers.queries.notices import absent_of, due_of
from workflow.dossiers.queries.reaching import whom_to_call
from workflow.dossiers.rules import TITLES
from workflow.mail import Mail
from workflow.operations.queries import operation
from workflow.people.models import Person
from workflow.people.queries import person
from workflow.web.extensions import LANGUAGES


class Line(NamedTuple):
    """One piece of news in a mail. due: the last day on which one is in time, when something is asked; absent: the
    colleague in whose place it is asked.
    """

    what: str
    due: date | None
    url: str
    absent: str = ""


def send(row: Notice) -> None:
    """Write the mail of one notice, to leave with this transaction. Without an address there is nothing to write."""
    dossier = queries.by_subject(row.subject)
    who = person(row.person) if row.person else None
    written = _to_person(row, dossier, who) if who else _to_household(row, dossier)
    if written:
        goes_by(row, written)
        _post(written)


def send_digest(who: Person, rows: Sequence[Notice], key: str) -> None:
    """One mail for everything a person should know this morning."""
    with force_locale(_lang(who.lang)):
        lines = [_line(row) for row in rows]
        body = render_template("emails/digest.txt", name=who.name, lines=lines, base_url=_base_url())
        written = mail.write(key, who.email or "", _("Your files this morning"), body, _lang(who.lang))
    db.session.flush()
    for row in rows:
        goes_by(row, written)
    _post(written)


def _to_person(row: Notice, dossier: Dossier, who: Person) -> Mail | None:
    if not who.email:
        return None
    place = operation(dossier.operation_id)
    with force_locale(_lang(who.lang)):
        body = render_template(
            "emails/told.txt", name=who.name, line=_line(row), place=place.name if place else "", base_url=_base_url()
        )
        return _written(row, who.email, _(TITLES[row.what]), body, _lang(who.lang))


def _to_household(row: Notice, dossier: Dossier) -> Mail | None:
    home = dossier.household
    if home is None or not home.email:
        return None
    lang = _lang(home.lang)
    with force_locale(lang):
        body = render_template("emails/household.txt", what=row.what, contact=whom_to_call(dossier))
        return _written(row, home.email, _("News of your rehousing"), body, lang)


def _written(row: Notice, address: str, subject: str, body: str, lang: str) -> Mail:
    written = mail.write(f"told:{row.id}:{row.mail_id or ''}", address, subject, body, lang)
    db.session.flush()
    return written


def _post(written: Mail) -> None:
    outbox.add("mail.send", subject=f"mail:{written.id}", key=f"mail.send:{written.id}")


def _line(row: Notice) -> Line:
    task, place = due_of(row), operation(row.operation_id)
    due = last_day(task.due, place.zone) if task and task.due and place else None
    return Line(row.what, due, f"{_base_url()}/n/{personal_link(row)}", absent_of(row))


def _base_url() -> str:
    return current_app.config["RELAIS"].base_url


def _lang(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else "fr"

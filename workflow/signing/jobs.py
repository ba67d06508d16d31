"""Jobs of rooms: who is asked or concerned is told by mail, links and codes leave, a complete file is closed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock, mail, outbox
from workflow.approvals.actions import personal_links as links
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries.personal_links import ALIVE, address_of, fate, hashed
from workflow.circuit.deadlines import last_day
from workflow.db import Scope, db, scoped, unscoped
from workflow.mail import Mail
from workflow.record.queries import facts
from workflow.signing.actions import closing, delivering, last_days, milestones, proving, telling
from workflow.signing.actions.keeping import note
from workflow.signing.models import COMPLETE, SUBJECT
from workflow.signing.queries import deliveries
from workflow.signing.queries.contact import whom_to_call
from workflow.signing.queries.links import ends_on, outsider_of
from workflow.signing.queries.rooms import Open, by_subject
from workflow.web.dates import format_date
from workflow.web.extensions import LANGUAGES

DIGITS = 6
CODE_LIFE = timedelta(minutes=30)
TOO_OLD = timedelta(days=7)  # what lies so far back is no news any more


def tell(lease: outbox.Lease) -> None:
    """Mails are written together with "done"; a repetition finds them there."""
    with unscoped("a job acts for no person"), lease.finish():
        row = by_subject(lease.subject)
        fact = next(one for one in facts(row.subject, after=lease.version - 1) if one.version == lease.version)
        if clock.now() - fact.at > TOO_OLD:
            return
        for letter in telling.letters(Open(row), fact):
            _write(letter)


def tell_last_day(lease: outbox.Lease) -> None:
    """The last day of a room is near, has passed, or was put off; judged now, told once."""
    with unscoped("a job acts for no person"), lease.finish():
        for letter in last_days.letters(by_subject(lease.subject), lease.version):
            _write(letter)


def _write(letter: telling.Letter) -> None:
    with force_locale(_lang(letter.lang)):
        said = letter.said | ({"day": format_date(letter.said["until"], "full")} if "until" in letter.said else {})
        body = render_template(f"emails/{letter.template}.txt", **said)
        _post(letter.key, letter.to, _(letter.title), body, letter.lang)


def close(lease: outbox.Lease) -> None:
    """The last seal and the last time stamp of a complete file. Without a key the job fails, and is done later."""
    with unscoped("a job acts for no person"):
        closing.close(lease)


def deliver(lease: outbox.Lease) -> None:
    """Everybody who signed is to receive the complete file; the evidence beside it is asked for."""
    with unscoped("a job acts for no person"), lease.finish():
        row = by_subject(lease.subject)
        if row.state == COMPLETE:
            delivering.begin(row)
        proving.ask(row, "", f"{lease.kind}:{row.id}")


def send_copy(lease: outbox.Lease) -> None:
    """The secret of the link is made here, written into its mail, and known to nobody else; the last one asked for."""
    with unscoped("a job acts for no person"), lease.finish():
        row = deliveries.by_id(lease.subject.removeprefix("copy:"))
        known = Open(by_subject(f"{SUBJECT}{row.room_id}"))
        address = deliveries.address_of(known, row)
        if row.sends != lease.version or row.is_sent or not address or row.expires_at is None:
            return
        token = secrets.token_urlsafe(24)
        lang, told = deliveries.lang_of(known, row), {"reference": known.paper.reference}
        with force_locale(_lang(lang)):
            told["url"] = f"{current_app.config['RELAIS'].base_url}/r/{token}"
            told["until"] = format_date(last_day(row.expires_at, known.zone), "full")
            body = render_template("emails/signing_copy.txt", contact=whom_to_call(known.row), **told)
            title, key = _("The document that everybody has signed"), f"copy:{row.id}:{row.sends}"
            written = _post(key, address, title, body, lang)
        row.token_hash, row.mail_id, row.is_sent, row.sent_at = hashed(token), written.id, True, clock.now()
        note(known.row, "CopySent", "", party=row.party)


def make_evidence(lease: outbox.Lease) -> None:
    """The evidence beside a document. Without a key the job fails, and is done later."""
    with unscoped("a job acts for no person"):
        proving.make(lease)


def remind_ends(lease: outbox.Lease) -> None:
    """Whoever runs a room is told that what was signed ends soon: once for each end."""
    with unscoped("a job acts for no person"), lease.finish():
        for letter in milestones.reminders():
            with force_locale(_lang(letter.lang)):
                body = render_template(f"emails/{letter.template}.txt", **letter.said)
                _post(letter.key, letter.to, _(letter.title), body, letter.lang)


def send_link(lease: outbox.Lease) -> None:
    """The secret is made here, written into its mail, and known to nobody else."""
    with lease.finish():
        row = links.locked(lease.subject.removeprefix("link:"))
        with scoped(Scope(frozenset((row.operation_id,)))):
            if row.mail_id is not None or not _wanted(row):
                return
            known = Open(by_subject(row.subject))
            url = f"{current_app.config['RELAIS'].base_url}/s/{links.fresh_token(row)}"
            with force_locale(_lang(row.lang)):
                until = format_date(ends_on(known, row), "full")
                told = {"url": url, "until": until, "code_by": row.code_by, "contact": whom_to_call(known.row)}
                told["how"] = next((telling.how(one) for one in known.parties if outsider_of(one) == row.person), "")
                body = render_template("emails/signing_link.txt", **told)
                title = _("A document waits for your signature")
                written = _post(f"link:{row.id}", address_of(row), title, body, row.lang)
            row.mail_id, row.left_at = written.id, clock.now()
            links.note(row, "LinkSent")


def send_code(lease: outbox.Lease) -> None:
    """One code for each time it was asked for; a repetition finds that a newer one was made."""
    with lease.finish():
        row = links.locked(lease.subject.removeprefix("link:"))
        with scoped(Scope(frozenset((row.operation_id,)))):
            if row.codes >= lease.version or not _wanted(row):
                return
            code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
            links.keep_code(row, code, CODE_LIFE)
            with force_locale(_lang(row.lang)):
                told = {"code": f"{code[:3]} {code[3:]}", "minutes": CODE_LIFE.seconds // 60}
                body = render_template("emails/signing_code.txt", contact=whom_to_call(by_subject(row.subject)), **told)
                _post(f"link-code:{row.id}:{lease.version}", address_of(row), _("Your code"), body, row.lang)
            links.note(row, "CodeSent")


def _wanted(row: PersonalLink) -> bool:
    return fate(row) == ALIVE and bool(address_of(row))


def _lang(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else "fr"


def _post(key: str, to: str, subject: str, body: str, lang: str) -> Mail:
    written = mail.write(key, to, subject, body, _lang(lang))
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{written.id}", key=f"mail.send:{written.id}")
    return written

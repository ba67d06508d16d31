"""Jobs: the mail with a link to choose a new password, the mail that invites."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import mail, outbox
from workflow.db import db
from workflow.people import actions, queries
from workflow.people.models import Person
from workflow.record.queries import facts
from workflow.web.dates import format_date


def send_reset_link(lease: outbox.Lease) -> None:
    """React to ResetAsked: write the link and the mail, together with "done"."""
    who = queries.person(lease.subject.removeprefix("person:"))
    account = queries.account_of(who.id) if who else None
    with lease.finish():
        if account is None or who is None or not who.email:
            return
        token = actions.make_link(account, "reset")
        with force_locale(who.lang):
            body = render_template("emails/reset.txt", name=who.name, url=_url(f"/reset/{token}"))
            _post(f"reset:{lease.id}", who, _("Choose a new password"), body)


def send_invitation(lease: outbox.Lease) -> None:
    """React to Invited: the mail, unless the invitation was withdrawn or sent again meanwhile."""
    who = queries.person(lease.subject.removeprefix("person:"))
    fact = next((one for one in facts(lease.subject, lease.version - 1) if one.version == lease.version), None)
    mark = fact.data.get("mark") if fact else None
    token = actions.invitation_token(mark) if mark else ""
    inviter = queries.person(fact.actor.get("person")) if fact else None
    with lease.finish():
        row = queries.link(token, "invite") if token else None
        if row is None or who is None or not who.email:
            return
        with force_locale(who.lang):
            body = render_template(
                "emails/invitation.txt",
                name=who.name,
                inviter=inviter.name if inviter else "",
                organisation=_organisation(inviter),
                until=format_date(row.expires_at.date(), "full"),
                url=_url(f"/invitation/{token}"),
            )
            _post(f"invitation:{lease.id}", who, _("Your access to Relais"), body)


def _organisation(person: Person | None) -> str:
    found = queries.organisation(person.organisation) if person else None
    return found.name if found else ""


def _url(path: str) -> str:
    return f"{current_app.config['RELAIS'].base_url}{path}"


def _post(key: str, who: Person, subject: str, body: str) -> None:
    note = mail.write(key, who.email or "", subject, body, who.lang)
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{note.id}", key=f"mail.send:{note.id}")

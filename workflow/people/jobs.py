"""Jobs: the mail with a link to choose a new password."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import mail, outbox
from workflow.db import db
from workflow.people import actions
from workflow.people.models import Account
from workflow.people.queries import person


def send_reset_link(lease: outbox.Lease) -> None:
    """React to ResetAsked: write the link and the mail, together with "done"."""
    who = person(lease.subject.removeprefix("person:"))
    account = db.session.query(Account).filter_by(person_id=who.id).one() if who else None
    with lease.finish():
        if account is None or who is None or not who.email:
            return
        token = actions.make_link(account, "reset")
        url = f"{current_app.config['RELAIS'].base_url}/reset/{token}"
        with force_locale(who.lang):
            body = render_template("emails/reset.txt", name=who.name, url=url)
            note = mail.write(f"reset:{lease.id}", who.email, _("Choose a new password"), body, who.lang)
        db.session.flush()
        outbox.add("mail.send", subject=f"mail:{note.id}", key=f"mail.send:{note.id}")

"""Jobs: the mails about one's access: a new password, an invitation, a changed address; about absences and roles."""

from __future__ import annotations

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import mail, outbox
from workflow.db import db
from workflow.people import actions, queries
from workflow.people.models import Absence, Person
from workflow.record.queries import Fact, facts
from workflow.web.dates import format_date
from workflow.web.spoken import label


def send_reset_link(lease: outbox.Lease) -> None:
    """React to ResetAsked: write the link and the mail, together with "done"."""
    who = queries.person(lease.subject.removeprefix("person:"))
    account = queries.account_of(who.id) if who else None
    with lease.finish():
        if account is None or who is None or not queries.reset_address(account):
            return
        token = actions.make_link(account, "reset")
        with force_locale(who.lang):
            body = render_template("emails/reset.txt", name=who.name, url=_url(f"/reset/{token}"))
            _post(f"reset:{lease.id}", who, _("Choose a new password"), body, queries.reset_address(account))


def send_invitation(lease: outbox.Lease) -> None:
    """React to Invited: the mail, unless the invitation was withdrawn or sent again meanwhile."""
    who = queries.person(lease.subject.removeprefix("person:"))
    fact = _fact(lease)
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


def tell_address(lease: outbox.Lease) -> None:
    """React to AddressChanged: the old address is warned, the new one gets the link that confirms it."""
    who = queries.person(lease.subject.removeprefix("person:"))
    account = queries.account_of(who.id) if who else None
    with lease.finish():
        if who is None or account is None:
            return
        with force_locale(who.lang):
            old = queries.reset_address(account)
            if old and old != (who.email or "").lower():
                body = render_template("emails/address_old.txt", name=who.name)
                _post(f"address-old:{lease.id}", who, _("Your address is about to change"), body, old)
            if who.email and queries.unconfirmed(account):
                token = actions.make_link(account, "address", actions.INVITATION_LIFE)
                body = render_template("emails/address_new.txt", name=who.name, url=_url(f"/address/{token}"))
                _post(f"address-new:{lease.id}", who, _("Confirm your new address"), body)


def tell_code(lease: outbox.Lease) -> None:
    """React to CodePrinted: whoever has an access learns that a paper opens it."""
    who = queries.person(lease.subject.removeprefix("person:"))
    account = queries.account_of(who.id) if who else None
    with lease.finish():
        if who is None or account is None or not queries.reset_address(account):
            return
        with force_locale(who.lang):
            body = render_template("emails/code_printed.txt", name=who.name)
            _post(f"code:{lease.id}", who, _("A code was printed for you"), body, queries.reset_address(account))


def tell_absence(lease: outbox.Lease) -> None:
    """React to AbsencePut: who stands in is told, and who is away when somebody else declared it."""
    fact = _fact(lease)
    row = queries.absence(fact.data["absence"]) if fact else None
    with lease.finish():
        if row is None or row.withdrawn_at is not None:
            return
        away, substitute = queries.person(row.person_id), queries.person(row.substitute_id)
        if away is None or substitute is None:
            return
        _tell_absence(lease, row, substitute, away)
        if row.declared_by != away.id:
            _tell_absence(lease, row, away, substitute)


def _tell_absence(lease: outbox.Lease, row: Absence, to: Person, other: Person) -> None:
    if not to.email:
        return
    with force_locale(to.lang):
        body = render_template(
            "emails/absence.txt",
            name=to.name,
            other=other.name,
            stands_in=to.id == row.substitute_id,
            first=format_date(row.first_day, "full"),
            last=format_date(row.last_day, "full"),
            forms=", ".join(label(told) for told in queries.forms_of(row)),
            url=_url("/me"),
        )
        _post(f"absence:{lease.id}:{to.id}", to, _("An absence"), body)


def tell_role_taken(lease: outbox.Lease) -> None:
    """React to RoleTaken: somebody gave themselves a role; whoever looks after the same people is told."""
    fact = _fact(lease)
    row = queries.assignment(fact.data["assignment"]) if fact else None
    with lease.finish():
        if row is None:
            return
        for person_id in sorted(queries.looking_after(row.operation_id) - {row.person_id}):
            to = queries.person(person_id)
            if to is None or not to.email:
                continue
            with force_locale(to.lang):
                body = render_template(
                    "emails/role_taken.txt",
                    name=to.name,
                    other=row.person.name,
                    role=_(queries.role_label(row.role)),
                    url=_url(f"/people/{row.person_id}"),
                )
                _post(f"role:{lease.id}:{to.id}", to, _("A role was taken"), body)


def _fact(lease: outbox.Lease) -> Fact | None:
    return next((one for one in facts(lease.subject, lease.version - 1) if one.version == lease.version), None)


def _organisation(person: Person | None) -> str:
    found = queries.organisation(person.organisation) if person else None
    return found.name if found else ""


def _url(path: str) -> str:
    return f"{current_app.config['RELAIS'].base_url}{path}"


def _post(key: str, who: Person, subject: str, body: str, to: str = "") -> None:
    note = mail.write(key, to or who.email or "", subject, body, who.lang)
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{note.id}", key=f"mail.send:{note.id}")

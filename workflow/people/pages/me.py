"""Doors: one's own page: absences, language, mails, password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, g, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import PasswordField, RadioField
from wtforms.validators import DataRequired

from workflow import clock
from workflow.access import may_come
from workflow.db import db
from workflow.errors import FieldError, Invalid, NotFound
from workflow.people import actions, queries
from workflow.people.models import Account
from workflow.people.pages import wording
from workflow.people.pages.blueprint import people
from workflow.people.pages.entering import keep_session
from workflow.people.pages.persons import LANGUAGES
from workflow.web import fields, journals
from workflow.web.door import commit
from workflow.web.editing import Desk, edit

ATTEMPTS, WITHIN = 10, timedelta(minutes=15)


class PreferencesForm(fields.Sheet):
    lang = RadioField(later("Language"), [DataRequired(later("Choose a language."))])
    mails = RadioField(
        later("Mails"),
        [DataRequired(later("Choose when mails are sent."))],
        description=later("Invitations and new passwords are always sent at once."),
    )


class PasswordForm(fields.Sheet):
    current = PasswordField(
        later("Present password"),
        [DataRequired(later("Enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        later("New password"),
        [DataRequired(later("Enter a password."))],
        description=later("Twelve characters or more. Four words you can picture work well."),
        render_kw={"autocomplete": "new-password"},
    )


@people.route("/me", methods=["GET", "POST"])
def me() -> Any:
    row = queries.person(g.identity.person)
    if row is None:
        raise NotFound()
    form = PreferencesForm(data={"lang": row.lang, "mails": row.mails})
    form.lang.choices = list(LANGUAGES)
    form.mails.choices = [("each", _("each one at once")), ("daily", _("one a day, in the morning"))]
    today, places = clock.today(), queries.operation_names()
    absences, standing_in = queries.absences_of(row.id, since=today), queries.standing_in(row.id)
    organisations = queries.organisation_names()
    desk = Desk(
        title=_("My page"),
        lead=_("How Relais speaks to you, and who stands in when you are away."),
        back="",
        verb=_("Keep these choices"),
        template="people/me.html",
        more={
            "row": row,
            "login": _account().login,
            "sends": may_come("people.my_devices", g.identity),
            "held": [
                {
                    "role": wording.role(one.role),
                    "opens": wording.opens(one.role),
                    "organisation": organisations.get(one.organisation or "", ""),
                    "place": wording.place(one.operation_id, places),
                    "when": wording.held(one),
                }
                for one in queries.assignments_of(row.id)
                if not queries.is_over(one)
            ],
            "absences": absences,
            "standing_in": standing_in,
            "names": queries.names({one.substitute_id for one in absences} | {one.person_id for one in standing_in}),
            "wording": wording,
        },
    )
    return edit(desk, form, lambda: _prefer(form), "")


def _prefer(form: PreferencesForm) -> str:
    actions.prefer(g.identity.person, form.lang.data, form.mails.data)
    with force_locale(form.lang.data):
        flash(_("Your choices are kept."), "done")
    return url_for("people.me", lang=form.lang.data)


@people.route("/me/password", methods=["GET", "POST"])
def my_password() -> Any:
    """The sessions on other devices end; this one goes on."""
    form = PasswordForm()
    if not _account().password_hash:
        del form.current
    desk = Desk(
        title=_("Change my password"),
        lead=_("You will be signed out on your other devices."),
        back=url_for("people.me"),
        crumbs=[(url_for("people.me"), _("My page"))],
        verb=_("Keep this password"),
    )
    answer = edit(desk, form, lambda: _change_password(form), _("Your password is changed."))
    if getattr(answer, "status_code", 0) != 303:
        return answer
    return _stay(answer)


def _change_password(form: PasswordForm) -> None:
    """Checked and hashed while no lock is held."""
    account, new = _account(), form.password.data or ""
    login, person = account.login, account.person_id
    db.session.rollback()
    if journals.too_many("password", login, ATTEMPTS, WITHIN):
        abort(429)
    account = _account()
    db.session.expunge(account)
    db.session.rollback()
    if "current" in form and not actions.right_password(account, form.current.data or ""):
        raise Invalid([FieldError("current", "This is not your present password.")])
    hashed = actions.hash_password(new)
    found = queries.account_of(person)
    if found is None:
        raise NotFound()
    actions.set_password(found, new, hashed)


def _stay(answer: Any) -> Any:
    """End every session of the account, and begin one for this device."""
    account = _account()
    account_id = account.id
    commit()
    journals.end_sessions_of(account_id)
    token = journals.start_session(account_id)
    keep_session(answer, token)
    return answer


def _account() -> Account:
    account = queries.account_of(g.identity.person)
    if account is None:
        raise NotFound()
    return account

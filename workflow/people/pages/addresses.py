"""Doors: a new e-mail address confirmed, from the link sent to it, with the present password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import PasswordField
from wtforms.validators import DataRequired

from workflow.db import db
from workflow.errors import Refused
from workflow.people import actions, queries
from workflow.people.models import Account
from workflow.people.pages.blueprint import people
from workflow.web import fields, journals

ATTEMPTS, WITHIN = 10, timedelta(minutes=15)
GONE = 410


class ConfirmForm(fields.Sheet):
    password = PasswordField(later("Present password"), [DataRequired(later("Enter your present password."))])


@people.route("/address/<token>", methods=["GET", "POST"])
def confirm_address(token: str) -> Any:
    """GET changes nothing. The link alone moves nothing either: whoever wrote the address may be the one reading it."""
    row = queries.link(token, "address")
    account = db.session.get(Account, row.account_id) if row and row.account_id else None
    if account is None or account.closed_at is not None:
        return render_template("people/address.html", form=None), GONE
    form, address = ConfirmForm(), account.person.email or ""
    if form.validate_on_submit():
        if _knows_password(account, form.password.data or ""):
            return _confirm(token)
        form.refuse("password", "This is not your present password.")
    return render_template("people/address.html", form=form, login=address), 422 if form.errors else 200


def _knows_password(account: Account, password: str) -> bool:
    """Checked while no lock is held; guesses are counted."""
    login = account.login
    db.session.expunge(account)
    db.session.rollback()
    if journals.too_many("password", login, ATTEMPTS, WITHIN):
        abort(429)
    return actions.right_password(account, password)


def _confirm(token: str) -> Any:
    try:
        actions.confirm_address(token)
    except Refused:
        db.session.rollback()
        return render_template("people/address.html", form=None), GONE
    flash(_("Your address is confirmed. From now on, sign in with it."), "done")
    return redirect(url_for("people.sign_in"), code=303)

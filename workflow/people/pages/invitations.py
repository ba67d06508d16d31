"""Doors: invitations sent, withdrawn and accepted; codes printed and typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import PasswordField
from wtforms.validators import DataRequired

from workflow.db import db
from workflow.errors import Invalid, Refused
from workflow.people import actions, queries
from workflow.people.models import Account, OneTimeLink
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.people.pages.entering import enter
from workflow.people.rules import grouped, normalised
from workflow.web import fields, journals

ATTEMPTS, WITHIN = 20, timedelta(minutes=15)
GONE = 410


class CodeForm(fields.Sheet):
    code = fields.name_field(later("Code"), later("Type the code that stands on your paper."), 40)


class AcceptForm(fields.Sheet):
    password = PasswordField(later("New password"), [DataRequired(later("Enter a password."))])


# -- sending ------------------------------------------------------------------------------------------------------


@people.post("/people/<person_id>/invite")
def invite(person_id: str) -> Any:
    """By mail, for the first time or once more: an older link is dead."""
    row = reach.looked_after(person_id)
    actions.invite(person_id, g.identity.person)
    flash(_("The invitation is on its way to %(address)s.", address=row.email), "done")
    return redirect(url_for("people.person", person_id=person_id), code=303)


@people.post("/people/<person_id>/withdraw-invitation")
def withdraw_invitation(person_id: str) -> Any:
    reach.looked_after(person_id)
    actions.withdraw_invitation(person_id, g.identity.person)
    flash(_("The invitation is withdrawn: its link or code opens nothing any more."), "done")
    return redirect(url_for("people.person", person_id=person_id), code=303)


@people.post("/people/<person_id>/code")
def print_code(person_id: str) -> Any:
    """The paper itself: the code is shown this once, of it only a fingerprint is kept."""
    row = reach.looked_after(person_id)
    code = actions.print_code(person_id, g.identity.person)
    account, told = queries.account_of(person_id), queries.invitation(person_id)
    response = make_response(
        render_template(
            "people/code_paper.html",
            row=row,
            login=account.login if account else "",
            code=grouped(code),
            until=wording.day(told.until) if told.until else "",
            address=current_app.config["RELAIS"].base_url + url_for("people.code"),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


# -- accepting ----------------------------------------------------------------------------------------------------


@people.route("/code", methods=["GET", "POST"])
def code() -> Any:
    """Where the code of a paper is typed."""
    form = CodeForm()
    if form.validate_on_submit():
        typed = normalised(form.code.data or "")
        row = _counted(typed)
        if row is not None:
            return redirect(url_for("people.invitation", secret=typed), code=303)
        form.refuse(
            "code", "No paper bears this code. Check it sign by sign: there is neither 0 nor O, neither 1 nor I."
        )
    return render_template("people/code.html", form=form), 422 if form.errors else 200


@people.route("/invitation/<secret>", methods=["GET", "POST"])
def invitation(secret: str) -> Any:
    """GET says for whom it is and changes nothing: mail scanners follow links."""
    row = _counted(secret)
    account = db.session.get(Account, row.account_id) if row and row.account_id else None
    if row is None or account is None:
        return render_template("people/invitation_dead.html", fate="unknown"), GONE
    if queries.fate(row) != "alive" or account.closed_at is not None:
        return render_template("people/invitation_dead.html", fate=queries.fate(row)), GONE
    name = account.person.name
    if g.identity is not None and g.identity.person != account.person_id:
        return render_template("people/invitation_other.html", name=name), 409
    form = AcceptForm()
    if form.validate_on_submit():
        return _accept(secret, form, name, account.login)
    return _page(form, name, account.login), 422 if form.errors else 200


def _accept(secret: str, form: AcceptForm, name: str, login: str) -> Any:
    password = form.password.data or ""
    db.session.rollback()  # no lock is held while the password is hashed
    hashed = actions.hash_password(password)
    try:
        account = actions.accept_invitation(secret, password, hashed)
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return _page(form, name, login), 422
    except Refused:
        db.session.rollback()
        return render_template("people/invitation_dead.html", fate="used"), GONE
    flash(_("Welcome, %(name)s. Your password is set.", name=name), "done")
    return enter(account)


def _page(form: AcceptForm, name: str, login: str) -> str:
    return render_template("people/invitation.html", form=form, name=name, login=login)


def _counted(secret: str) -> OneTimeLink | None:
    """The invitation behind a secret. Guesses are counted by where they come from."""
    row = queries.known_link(secret, "invite", "code")
    if row is not None:
        return row
    db.session.rollback()  # the count is written in a transaction of its own
    if journals.too_many("code", request.remote_addr or "", ATTEMPTS, WITHIN):
        abort(429)
    return None

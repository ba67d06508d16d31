"""Doors: sign in and out, forgotten password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from workflow.db import db
from workflow.errors import Invalid
from workflow.people import actions, queries
from workflow.people.pages.blueprint import people
from workflow.people.pages.entering import enter as let_in
from workflow.people.pages.entering import show_errors
from workflow.web import journals
from workflow.web.door import COOKIE, commit
from workflow.web.fields import readable

ATTEMPTS, WITHIN = 10, timedelta(minutes=15)


class SignInForm(FlaskForm):
    login = StringField(
        "E-mail address or login name",
        [DataRequired("Enter your e-mail address or login name.")],
        filters=[readable],
    )
    password = PasswordField("Password", [DataRequired("Enter your password.")])


class ForgottenForm(FlaskForm):
    login = StringField("E-mail address", [DataRequired("Enter your e-mail address.")], filters=[readable])


class ResetForm(FlaskForm):
    password = PasswordField("New password", [DataRequired("Enter a password.")])


@people.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    form = SignInForm()
    if form.validate_on_submit():
        login = form.login.data or ""
        if journals.too_many("sign-in", login, ATTEMPTS, WITHIN):
            form.password.errors = [_("Too many attempts. Wait a quarter of an hour, or choose a new password.")]
            return _sign_in_page(form), 429
        account = queries.account_by_login(login)
        db.session.rollback()  # no lock is held while the password is checked
        if actions.right_password(account, form.password.data or ""):
            return let_in(account, request.args.get("next", "/"))
        actions.note_refused_sign_in(account)
        commit()
        form.password.errors = [_("The address or the password is wrong.")]
    return _sign_in_page(form), 422 if form.errors else 200


@people.post("/enter/<login>")
def enter(login: str) -> Any:
    """One click, in the demonstration only."""
    if not current_app.config["RELAIS"].demonstration:
        abort(404)
    account = queries.account_by_login(login)
    if account is None:
        abort(404)
    return let_in(account, request.args.get("next", "/"))


def _sign_in_page(form: SignInForm) -> str:
    demonstration = current_app.config["RELAIS"].demonstration
    people_there = queries.accounts_of_demonstration() if demonstration else []
    return render_template(
        "people/sign_in.html",
        form=form,
        accounts=people_there,
        next=request.args.get("next", ""),
        ended=g.get("signed_out", False),
        closed=g.get("closed", False),
        nobody=not queries.anybody_there(),
    )


@people.post("/sign-out")
def sign_out() -> Any:
    token = request.cookies.get(COOKIE)
    if token:
        journals.end_session(token)
    response = redirect(url_for("people.sign_in"), code=303)
    response.delete_cookie(COOKIE)
    return response


@people.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> Any:
    form = ForgottenForm()
    if form.validate_on_submit():
        login = form.login.data or ""
        account = queries.account_by_login(login)
        db.session.rollback()
        if account and not journals.too_many("forgotten", login, 5, timedelta(hours=1)):
            actions.ask_reset(account)
        return redirect(url_for("people.forgotten", sent=1), code=303)
    return render_template("people/forgotten.html", form=form, sent=request.args.get("sent")), (
        422 if form.errors else 200
    )


@people.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Any:
    """GET shows a page and changes nothing: mail scanners follow links."""
    form, status = ResetForm(), 200
    alive = queries.link(token, "reset") is not None
    if alive and form.validate_on_submit():
        db.session.rollback()
        password = form.password.data or ""
        hashed = actions.hash_password(password)
        try:
            account_id = actions.reset_password(token, password, hashed).id
        except Invalid as problem:
            db.session.rollback()
            show_errors(form, problem)
            return render_template("people/reset.html", form=form, alive=True, token=token), 422
        commit()
        journals.end_sessions_of(account_id)
        flash(_("Your password is set. Sign in with it."), "done")
        return redirect(url_for("people.sign_in"), code=303)
    if form.errors:
        status = 422
    return render_template("people/reset.html", form=form, alive=alive, token=token), status

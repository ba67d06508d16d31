"""Door: the first administrator of an empty installation."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import PasswordField
from wtforms.validators import DataRequired

from workflow.db import db
from workflow.errors import Invalid, Refused
from workflow.people import actions, queries
from workflow.people.actions import Beginning, OrganisationDraft
from workflow.people.pages.blueprint import people
from workflow.people.pages.entering import enter
from workflow.people.rules import KINDS
from workflow.web import fields

GONE = 410


class FirstForm(fields.Sheet):
    name = fields.name_field(
        later("First name and name"), later("Write a first name and a name."), 200, render_kw={"autocomplete": "name"}
    )
    email = fields.email(
        later("E-mail address"),
        later("Write your e-mail address: you sign in with it."),
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        later("New password"),
        [DataRequired(later("Enter a password."))],
        description=later("Twelve characters or more. Four words you can picture work well."),
        render_kw={"autocomplete": "new-password"},
    )
    organisation = fields.name_field(
        later("Name of your organisation"), later("Write the name of your organisation."), 200
    )
    kind = fields.choice(later("What it is"), later("Say what kind of organisation it is."))
    city = fields.name_field(later("City"), later("Write the city."), 120)
    groups = (
        (later("You"), ("name", "email", "password")),
        (later("Where you work"), ("organisation", "kind", "city")),
    )


@people.route("/first/<secret>", methods=["GET", "POST"])
def first(secret: str) -> Any:
    """GET changes nothing and signs nobody in."""
    if queries.link(secret, "first") is None or not actions.needs_first_administrator():
        return _dead()
    form = FirstForm()
    form.choose(kind=[(code, _(name)) for code, name in KINDS.items()])
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    db.session.rollback()  # no lock is held while the password is hashed
    hashed = actions.hash_password(form.password.data or "")
    try:
        account = actions.begin(secret, _told(form, hashed))
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return _page(form), 422
    except Refused:
        db.session.rollback()
        return _dead()
    flash(_("Welcome, %(name)s. You look after this installation now.", name=form.name.data), "done")
    return enter(account)


def _told(form: FirstForm, hashed: str) -> Beginning:
    organisation = OrganisationDraft(form.organisation.data, form.kind.data, form.city.data)
    return Beginning(form.name.data, form.email.data, form.password.data or "", hashed, organisation)


def _page(form: FirstForm) -> str:
    return render_template("people/first.html", form=form)


def _dead() -> Any:
    begun = not actions.needs_first_administrator()
    return render_template("people/first_dead.html", begun=begun, signed_in=g.identity is not None), GONE

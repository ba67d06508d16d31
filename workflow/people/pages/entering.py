"""What every door that lets somebody in does: a session, a cookie, and where to go."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect
from flask_babel import gettext as _
from wtforms import Field

from workflow.errors import Invalid
from workflow.people import actions
from workflow.people.models import Account
from workflow.web import journals
from workflow.web.door import COOKIE, commit
from workflow.web.redirects import local_path


def enter(account: Account, to: str = "/") -> Any:
    """Sign an account in on this device."""
    actions.note_sign_in(account)
    account_id = account.id
    commit()
    response = redirect(local_path(to), code=303)
    keep_session(response, journals.start_session(account_id))
    return response


def keep_session(response: Any, token: str) -> None:
    """Hand the secret of a session to the browser."""
    config = current_app.config["RELAIS"]
    response.set_cookie(
        COOKIE, token, max_age=config.session_hours * 3600, httponly=True, samesite="Lax", secure=config.secure_cookies
    )


def say(field: Field, *messages: str) -> None:
    """Errors that were found after the form had been read."""
    field.errors = list(messages)


def show_errors(form: Any, problem: Invalid) -> None:
    """Put what an action refused beside the fields it speaks of; what fits nowhere goes to the first field."""
    first = next(field for field in form if field.type not in ("HiddenField", "CSRFTokenField"))
    for error in problem.errors:
        field = {one.name: one for one in form}.get(error.field, first)
        say(field, *field.errors, _(error.message, **error.params))

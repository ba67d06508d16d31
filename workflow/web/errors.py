"""Refusals become answers: a page for people, a short one for scripts; never a traceback, never a quoted value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, abort, make_response, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from workflow.db import db, new_id
from workflow.errors import Moved, Problem

log = structlog.get_logger()

OURS = "same-origin"  # what a browser says of a form that stood on one of our pages
Again = Callable[[], Any]
_AGAIN: dict[str, Again] = {}


def shown_again(endpoint: str) -> Callable[[Again], Again]:
    """Marks what draws a page again with what was typed, when the form came from a session that has ended since."""

    def note(draw: Again) -> Again:
        _AGAIN[endpoint] = draw
        return draw

    return note


def page(status: int, title: str, text: str, **more: object) -> Response:
    """An error page in words: what happened, whether anything was lost, what to do now."""
    template = "errors/fragment.html" if request.headers.get("X-Relais") else "errors/page.html"
    return make_response(render_template(template, title=title, text=text, status=status, **more), status)


def attach(app: Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _problem(problem: Problem) -> Response:
    db.session.rollback()
    titles = {
        403: _("This is not yours to do"),
        404: _("There is nothing here"),
        409: _("This is not possible any more"),
        422: _("Something needs correcting"),
    }
    text = _(problem.message, **problem.params) if problem.message else _("The page does not exist, or not for you.")
    if isinstance(problem, Moved):
        titles[409] = _("Somebody was faster")
    return page(
        problem.status, titles.get(problem.status, _("Something went wrong")), text, since=getattr(problem, "since", ())
    )


def _expired_form(_error: CSRFError) -> Response:
    db.session.rollback()
    draw = None if request.headers.get("X-Relais") else _AGAIN.get(request.endpoint or "")
    if draw is not None:
        return make_response(draw())
    return page(
        400,
        _("This page had been open for too long"),
        _("Nothing was recorded. Go back, reload the page and send it again; your browser keeps what you typed."),
    )


def _http(error: HTTPException) -> Response:
    db.session.rollback()
    words = {
        401: (_("Please sign in again"), _ended()),
        403: (_("This is not yours to do"), _("Ask the person who manages the operation.")),
        404: (_("There is nothing here"), _("The page does not exist, or not for you.")),
        405: (_("There is nothing here"), _("This address only receives forms.")),
        413: (
            _("This is too large"),
            _("The file is larger than what is accepted here. Go back: what you typed is there. Send a smaller one."),
        ),
        429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
    }
    title, text = words.get(error.code or 500, (_("Something went wrong"), _("Please try again.")))
    response = page(error.code or 500, title, text)
    if error.code == 405 and error.get_headers():
        response.headers["Allow"] = dict(error.get_headers()).get("Allow", "")
    return response


def _ended() -> str:
    """A script speaks beside the page, which still stands there; a page that was sent is gone from the screen."""
    if request.headers.get("X-Relais"):
        return _("Your session has ended. What you typed is still in the page.")
    return _("Your session has ended, and nothing was recorded. Sign in, then begin again from the page itself.")


def handed_back() -> Response:
    """What somebody sent without being signed in goes back to them, to be sent again. Raises Unauthorized (401) when
    another site made it come.
    """
    if request.headers.get("Sec-Fetch-Site", OURS) != OURS:
        abort(401)
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    text = _("You are not signed in any more. Nothing is recorded yet, and nothing is lost.")
    told = render_template(
        "errors/handed_back.html", title=_("Please sign in again"), text=text, address=request.path, fields=fields
    )
    return make_response(told, 401)


GIVING_BACK: dict[str, str] = {}
"""Endpoints on which people write, and the field that holds their words: see `not_yours`."""


def not_yours(why: str = "") -> Response:
    """Somebody who lost what gave them this page while they wrote on it gets their words back, and nothing else; why,
    where they know it already.
    """
    typed = request.form.get(GIVING_BACK[request.endpoint or ""], "")
    return make_response(render_template("errors/not_yours.html", typed=typed, why=why), 404)


def _unexpected(error: Exception) -> Response:
    """Say a reference, keep the kind of the error; the text of an exception may quote an answer."""
    db.session.rollback()
    reference = new_id()[:8]
    session.pop("_flashes", None)  # a success that was not committed must not be told
    log.error(
        "unexpected",
        reference=reference,
        error=type(error).__name__,
        route=request.endpoint,
        exc_info=not isinstance(error, SQLAlchemyError),
    )
    return page(
        500,
        _("Something went wrong"),
        _(
            "Nothing was recorded. Please try again; if it happens again, give the reference %(reference)s.",
            reference=reference,
        ),
    )

"""The way every request goes: who is it, may they come, one transaction, commit, then answer.

GET runs read-only. A form carries a key of its own: repeated, it is answered like the first time.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_babel import refresh
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from workflow import access, clock
from workflow.access import Identity
from workflow.db import Scope, begin_reading, db, enter_scope, leave_scope
from workflow.errors import Refused
from workflow.outbox.relay import TO_RING, ring_new
from workflow.web import errors, kept
from workflow.web.headers import FILES
from workflow.web.journals import account_behind, account_of
from workflow.web.models import DoneRequest

COOKIE = "relais_session"
KEY = "request_key"
TOO_LARGE = 413
SAFE = ("GET", "HEAD", "OPTIONS")

LoadIdentity = Callable[[str], Identity | None]


def attach(app: Flask, load_identity: LoadIdentity) -> None:
    """`load_identity(account id)` is handed in by the application: the web knows no people."""

    @app.before_request
    def come_in() -> AnyResponse | None:
        g.identity, g.signed_out, g.closed, g.bare = None, False, False, False
        refresh()  # the language is the one of this request, whatever was read before in the same context
        g.scope_before = enter_scope(None)
        if request.endpoint in FILES or request.endpoint is None:
            return None
        token = request.cookies.get(COOKIE)
        begin_reading()
        account = account_of(token) if token else None
        g.signed_out = bool(token) and account is None
        if account:
            g.identity = load_identity(account)
            g.closed = g.identity is None
            enter_scope(Scope(g.identity.operations) if g.identity else None)
        request.max_content_length = kept.ROOMY.get(request.endpoint, request.max_content_length)
        request.max_form_memory_size = kept.WORDY.get(request.endpoint, request.max_form_memory_size)
        if not access.may_come(request.endpoint, g.identity):
            return _turn_away()
        if request.method in SAFE:
            return None
        repeated = _answer_like_the_first(strict=True)
        db.session.rollback()  # what follows may write: it begins its own transaction when it first needs one
        return repeated

    @app.after_request
    def go_out(response: Response) -> Response:
        if request.endpoint in FILES or request.endpoint is None:
            return response
        if request.method in SAFE:
            db.session.rollback()
            return response
        if response.status_code >= 400:
            db.session.rollback()
            if response.status_code == TOO_LARGE:
                return response  # it was not read: asked for what it holds, it would be refused again
            twin = _answer_like_the_first()  # the same form, sent at the same time, was faster
            db.session.rollback()
            return twin or response
        _remember(response)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            repeated = _answer_like_the_first()
            if repeated is None:
                raise
            return repeated  # the same form was sent twice at the same time
        ring_new()
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        db.session.info.pop(TO_RING, None)
        if "scope_before" in g:
            leave_scope(g.pop("scope_before"))

    app.jinja_env.globals["request_key"] = lambda: secrets.token_urlsafe(18)


def _turn_away() -> AnyResponse:
    """Not signed in: to the counter (a script is told 401). Signed in: there is no such page."""
    if g.identity is not None and request.method == "POST" and request.endpoint in errors.GIVING_BACK:
        return errors.not_yours()
    if g.identity is not None:
        abort(404)
    if request.endpoint in kept.KEEPING and request.method == "POST" and not request.headers.get("X-Relais"):
        known = _set_aside()
        return redirect(url_for("people.sign_in", next=request.path), code=303) if known else errors.handed_back()
    if request.headers.get("X-Relais") or request.method not in SAFE:
        abort(401)
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))


def _set_aside() -> bool:
    """Keep a form that came after the end of a session, when it is known whose session that was."""
    token = request.cookies.get(COOKIE)
    account = account_behind(token) if token else None
    return bool(account) and kept.keep(account or "", request.path, list(request.form.items(multi=True)))


def _key() -> str | None:
    sent = request.form.get(KEY) if request.method == "POST" else None
    who = g.identity.person if g.get("identity") else "anyone"
    return f"{who}:{sent}"[:100] if sent else None


def _mark() -> str:
    """Keyed hash of where and what was sent: it says "the same", and lets nobody guess an answer."""
    sent = sorted((name, value) for name, value in request.form.items(multi=True) if name not in (KEY, "csrf_token"))
    secret = current_app.config["RELAIS"].secret_key.encode()
    return hmac.new(secret, json.dumps([request.path, sent]).encode(), "sha256").hexdigest()


def _answer_like_the_first(*, strict: bool = False) -> AnyResponse | None:
    """The answer given to the same form before. `strict` raises Refused when its key came with something else."""
    key = _key()
    done = db.session.get(DoneRequest, key) if key else None
    if done is None:
        return None
    if (done.endpoint, done.mark) != (request.endpoint, _mark()):
        if not strict:
            return None
        raise Refused(
            "key_reused", "This form was already sent with something else in it. Reload the page, then send it."
        )
    return redirect(done.location, code=done.status)


def _remember(response: Response) -> None:
    key = _key()
    if key and 300 <= response.status_code < 400:
        db.session.add(
            DoneRequest(
                key=key,
                endpoint=request.endpoint or "",
                mark=_mark(),
                status=response.status_code,
                location=response.headers["Location"][:500],
                at=clock.now(),
            )
        )


def commit() -> None:
    """Commit earlier than the answer (before sending a file, or after counting): then ring."""
    db.session.commit()
    ring_new()

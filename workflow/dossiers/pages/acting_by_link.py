"""Doors: somebody without account acts by a personal link. Mail scanners follow links: GET and HEAD change nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow.approvals.models import PersonalLink
from workflow.db import Scope, db, scoped
from workflow.dossiers.actions import acting_by_link as actions
from workflow.dossiers.actions.acting_by_link import VISIT, Saying
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.linked import Linked
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.personal_links import ALIVE, LIMIT, MAIL, fate
from workflow.dossiers.rules import number
from workflow.errors import Moved, Refused
from workflow.web import door, journals
from workflow.web.extensions import LANGUAGES

COOKIE = "relais_link"
GONE = 410
GUESSES, WITHIN = 30, timedelta(minutes=15)
CODES, IN_A_DAY = 6, timedelta(days=1)
LONGEST = 4000  # characters of a remark
NEEDS_WORDS = {
    "correction": "Write what must be corrected.",
    "reserved": "Write why, in one or two sentences.",
    "unfavourable": "Write why, in one or two sentences.",
}
Page = Callable[[Linked], Any]


def _opened(page: Page) -> Callable[[str], Any]:
    """The link behind the secret of an address, seen within its own operation and in the language of its reader."""

    @wraps(page)
    def come(token: str) -> Any:
        row = links.link_of(token)
        if row is None:
            return _unknown()
        with scoped(Scope(frozenset((row.operation_id,)))), force_locale(_language(row)):
            linked = Linked(row, token)
            if fate(row) != ALIVE:
                return linked.over(), _status(GONE if row.used_at is None else 200)
            return page(linked)

    return come


def _status(found: int) -> int:
    """What was sent and came too late is a refusal, however politely it is said."""
    return 409 if request.method == "POST" and found == 200 else found


def _unknown() -> Any:
    """Guesses are counted by where they come from, in a transaction of its own."""
    db.session.rollback()
    if journals.too_many("link", request.remote_addr or "", GUESSES, WITHIN):
        abort(429)
    return render_template("dossiers/link_over.html", fate="unknown"), GONE


def _language(row: PersonalLink) -> str:
    """What was chosen on this device, else the one in which one writes to this person, else French."""
    wanted = (request.args.get("lang"), request.cookies.get("lang"), row.lang)
    return next((one for one in wanted if one in LANGUAGES), "fr")


@dossiers.route("/a/<token>", methods=["GET", "POST"])
@_opened
def by_link(linked: Linked) -> Any:
    """Says that something is asked, nothing of what. The button has the code sent, or leads to where it is typed."""
    if not linked.asked:
        return _moved_on(linked)
    if request.method == "POST":
        return _send_code(linked)
    return linked.page("start", by_mail=linked.link.code_by == MAIL)


def _send_code(linked: Linked) -> Any:
    link, token = linked.link.id, linked.token
    if linked.link.code_by == MAIL:
        db.session.rollback()  # the count is written in a transaction of its own
        if journals.too_many("link-code", link, CODES, IN_A_DAY):
            return Linked.again(token).page("start", by_mail=True, enough=True), 429
        actions.ask_code(link)
    return redirect(url_for("dossiers.by_link_code", token=token), code=303)


@dossiers.route("/a/<token>/code", methods=["GET", "POST"])
@_opened
def by_link_code(linked: Linked) -> Any:
    if not linked.asked:
        return _moved_on(linked)
    if request.method == "POST":
        return _try(linked)
    return _ask_for_code(linked)


def _ask_for_code(linked: Linked, error: str = "", *, too_soon: bool = False) -> str:
    row = linked.link
    if too_soon and row.code_hash is None:
        error = _("No code is expected at the moment. Wait for the mail, or ask for another code.")
    dead = row.code_hash is not None and not links.has_code(row)
    missing = row.code_by != MAIL and row.code_hash is None
    return linked.page("code", by_mail=row.code_by == MAIL, dead=dead, missing=missing, error=error)


def _try(linked: Linked) -> Any:
    token, typed = linked.token, request.form.get("code", "")
    if not typed.strip():
        return _ask_for_code(linked, _("Type the code.")), 422
    try:
        secret = actions.try_code(linked.link.id, typed)
    except Refused:
        db.session.rollback()
        return _ask_for_code(Linked.again(token), too_soon=True), 409
    left = LIMIT - linked.link.wrong
    door.commit()  # a wrong code counts, whatever is answered
    if not secret:
        return _ask_for_code(Linked.again(token), _left(left)), 422
    answer = redirect(url_for("dossiers.by_link_read", token=token), code=303)
    secure = current_app.config["RELAIS"].secure_cookies
    age = int(VISIT.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age, path="/a", httponly=True, samesite="Lax", secure=secure)
    return answer


def _left(left: int) -> str:
    if left <= 0:
        return _("This is not the code.")
    if left == 1:
        return _("This is not the code. You may try once more.")
    return _("This is not the code. You may try %(count)s more times.", count=left)


def _visited(page: Page) -> Page:
    """Only in the browser where the right code was typed, and while there is something to say."""

    @wraps(page)
    def come(linked: Linked) -> Any:
        if not linked.asked:
            return _moved_on(linked)
        if not links.visits(linked.link, request.cookies.get(COOKIE)):
            return redirect(url_for("dossiers.by_link", token=linked.token), code=303)
        return page(linked)

    return come


@dossiers.get("/a/<token>/read")
@_opened
@_visited
def by_link_read(linked: Linked) -> Any:
    return linked.page("read", **linked.answers())


@dossiers.route("/a/<token>/answer", methods=["GET", "POST"])
@_opened
@_visited
def by_link_answer(linked: Linked) -> Any:
    """For who comes from the page they read: what is answered to is what it showed, never what stands there today."""
    told = request.form if request.method == "POST" else request.args
    version, shown = number(told.get("version", "")), told.get("shown", "")
    if not version or not shown:
        return redirect(url_for("dossiers.by_link_read", token=linked.token), code=303)
    if request.method == "POST":
        return _say(linked, version, shown)
    return _ask(linked, version, shown, [])


def _ask(linked: Linked, version: int, shown: str, errors: list[dict[str, str]]) -> str:
    told = {"version": version, "shown": shown, "errors": errors, "longest": LONGEST}
    return linked.page("answer", choices=linked.choices(), typed=request.form, **told)


def _say(linked: Linked, version: int, shown: str) -> Any:
    told, token = request.form, linked.token
    errors = _wrong(linked)
    if errors:
        return _ask(linked, version, shown, errors), 422
    what = told["what"]
    said = Saying(
        what=what if linked.household else "advised",
        version=version,
        shown=shown,
        words=told.get("words", "").strip(),
        opinion="" if linked.household else what,
    )
    try:
        actions.act(linked.link.id, said)
    except (Moved, Refused):
        db.session.rollback()
        return _stopped(Linked.again(token), said.words)
    return redirect(url_for("dossiers.by_link", token=token), code=303)


def _wrong(linked: Linked) -> list[dict[str, str]]:
    told, found = request.form, []
    if told.get("what") not in [choice["value"] for choice in linked.choices()]:
        found.append({"id": "what", "label": _("Your answer"), "message": _("Choose one of the answers.")})
    words = told.get("words", "").strip()
    asked = NEEDS_WORDS.get(told.get("what", ""))
    if asked and not words:
        found.append({"id": "words", "label": _("In your words"), "message": _(asked)})
    if len(words) > LONGEST:
        message = _("Write at most %(count)s characters.", count=LONGEST)
        found.append({"id": "words", "label": _("In your words"), "message": message})
    return found


def _moved_on(linked: Linked) -> Any:
    """The link is good, but nothing is asked here now. What was typed is given back."""
    return linked.moved_on(request.form.get("words", "").strip()), _status(200)


def _stopped(linked: Linked, words: str) -> Any:
    """Somebody else, or this same link, was faster; or what was read has changed. What was typed is given back."""
    if fate(linked.link) != ALIVE:
        return linked.over(), 409
    if not linked.asked:
        return _moved_on(linked)
    return linked.page("changed", words=words), 409

"""Doors: somebody without account signs or refuses by a personal link. GET and HEAD change nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.actions import personal_links as actions
from workflow.approvals.actions.personal_links import VISIT
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import personal_links as links
from workflow.approvals.queries.personal_links import ALIVE, LIMIT, MAIL, USED, fate
from workflow.circuit.deadlines import last_day
from workflow.db import Scope, db, scoped
from workflow.errors import Moved, NotFound, Refused
from workflow.signing.actions import running
from workflow.signing.actions.signing import Signer, sign_by_link, signer_by_link
from workflow.signing.pages.bench import Bench, show_arrival, show_bench
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.forms import ReasonForm
from workflow.signing.pages.room import page_picture
from workflow.signing.pages.signing import Desk, is_asked, show
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.contact import whom_to_call
from workflow.signing.queries.rooms import by_subject
from workflow.signing.rules.channels import PARAPHEUR
from workflow.web import door, journals
from workflow.web.dates import format_date
from workflow.web.extensions import LANGUAGES

COOKIE = "relais_signing"
GONE = 410
GUESSES, WITHIN = 30, timedelta(minutes=15)
CODES, IN_A_DAY = 6, timedelta(days=1)
SEND_CODE = "signing.send_code"
KIND = "room:"


class Linked:
    """A link and the secret of its address, which no template writes out but as the address of the next page."""

    def __init__(self, link: PersonalLink, token: str) -> None:
        self.link, self.token = link, token

    @classmethod
    def again(cls, token: str) -> Linked:
        """After something was undone or committed, everything is read anew."""
        found = links.link_of(token)
        if found is None:
            raise NotFound()  # its letter was printed again meanwhile
        return cls(found, token)

    @property
    def signer(self) -> Signer:
        return signer_by_link(self.link)

    def page(self, name: str, **more: Any) -> str:
        return render_template(f"signing/link_{name}.html", **self.around(), **more)

    def around(self) -> dict[str, Any]:
        """What every page of a link says: by whom one is asked, whom to call, until when."""
        row = by_subject(self.link.subject)
        contact = whom_to_call(row)
        call = {"name": contact.name, "capacity": contact.organisation, "phone": contact.phone}
        until = format_date(last_day(self.link.expires_at, "Europe/Paris"), "full")
        return {"token": self.token, "asking": contact.organisation, "contact": call, "until": until}


Page = Callable[..., Any]


def _opened(page: Page) -> Page:
    """The link behind the secret of an address, seen within its own operation and in the language of its reader."""

    @wraps(page)
    def come(token: str, **more: Any) -> Any:
        row = links.link_of(token)
        if row is None or not row.subject.startswith(KIND):
            return _unknown()
        with scoped(Scope(frozenset((row.operation_id,)))), force_locale(_language(row)):
            linked = Linked(row, token)
            if fate(row) not in (ALIVE, USED):
                return linked.page("over", fate=fate(row)), _status(GONE)
            return page(linked, **more)

    return come


def _status(found: int) -> int:
    """What was sent and came too late is a refusal, however politely it is said."""
    return 409 if request.method == "POST" and found == 200 else found


def _unknown() -> Any:
    """Guesses are counted by where they come from, in a transaction of its own."""
    db.session.rollback()
    if journals.too_many("link", request.remote_addr or "", GUESSES, WITHIN):
        abort(429)
    return render_template("signing/link_over.html", fate="unknown"), GONE


def _language(row: PersonalLink) -> str:
    wanted = (request.args.get("lang"), request.cookies.get("lang"), row.lang)
    return next((one for one in wanted if one in LANGUAGES), "fr")


def _asked(linked: Linked) -> bool:
    return fate(linked.link) == ALIVE and not _too_late(linked) and is_asked(linked.signer)


def _too_late(linked: Linked) -> bool:
    known = linked.signer.known
    return rooms.is_over(known.row, clock.today(known.zone))


@signing.route("/s/<token>", methods=["GET", "POST"])
@_opened
def by_link(linked: Linked) -> Any:
    """Says that a document is to be signed, nothing of what. The button has the code sent."""
    if not _asked(linked):
        return linked.page("over", fate=_why_not(linked)), _status(200)
    if request.method == "POST":
        return _send_code(linked)
    return linked.page("start", by_mail=linked.link.code_by == MAIL)


def _why_not(linked: Linked) -> str:
    if linked.link.said in ("signed", "refused"):
        return linked.link.said
    return "too_late" if _too_late(linked) else "later"


def _send_code(linked: Linked) -> Any:
    link, token = linked.link.id, linked.token
    if linked.link.code_by == MAIL:
        db.session.rollback()  # the count is written in a transaction of its own
        if journals.too_many("link-code", link, CODES, IN_A_DAY):
            return Linked.again(token).page("start", by_mail=True, enough=True), 429
        actions.ask_code(link, SEND_CODE)
    return redirect(url_for("signing.by_link_code", token=token), code=303)


@signing.route("/s/<token>/code", methods=["GET", "POST"])
@_opened
def by_link_code(linked: Linked) -> Any:
    if not _asked(linked):
        return linked.page("over", fate=_why_not(linked)), _status(200)
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
    answer = redirect(url_for("signing.by_link_sign", token=token), code=303)
    secure, age = current_app.config["RELAIS"].secure_cookies, int(VISIT.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age, path="/s", httponly=True, samesite="Lax", secure=secure)
    return answer


def _left(left: int) -> str:
    if left <= 0:
        return _("This is not the code.")
    if left == 1:
        return _("This is not the code. You may try once more.")
    return _("This is not the code. You may try %(count)s more times.", count=left)


def _visited(page: Page) -> Page:
    """Only in the browser where the right code was typed."""

    @wraps(page)
    def come(linked: Linked, **more: Any) -> Any:
        if not links.visits(linked.link, request.cookies.get(COOKIE)):
            return redirect(url_for("signing.by_link", token=linked.token), code=303)
        return page(linked, **more)

    return come


@signing.route("/s/<token>/sign", methods=["GET", "POST"])
@_opened
@_visited
def by_link_sign(linked: Linked) -> Any:
    """The exact pages, what one agrees to, then the signature."""
    if not _asked(linked):
        return linked.page("over", fate=_why_not(linked)), _status(200)
    token, link = linked.token, linked.link.id

    desk = Desk(
        signer=lambda: Linked.again(token).signer,
        sign=lambda _who, act: sign_by_link(link, act),
        template="signing/link_sign.html",
        back=url_for("signing.by_link", token=token),
        page=lambda number, state: url_for("signing.by_link_page", token=token, number=number, state=state),
        file=url_for("signing.by_link_file", token=token),
        refuse=url_for("signing.by_link_refuse", token=token),
        elsewhere=url_for("signing.by_link_elsewhere", token=token),
        more=lambda: Linked.again(token).around(),
    )
    return show(desk)


def _bench(linked: Linked) -> Bench:
    token, link = linked.token, linked.link.id
    if linked.signer.party.row.channel != PARAPHEUR:
        raise NotFound()
    return Bench(
        signer=lambda: Linked.again(token).signer,
        sign=lambda _who, act: sign_by_link(link, act),
        by=linked.link.person,
        template="link_elsewhere",
        here=url_for("signing.by_link_elsewhere", token=token),
        back=url_for("signing.by_link", token=token),
        file=url_for("signing.by_link_file", token=token),
        arrival=lambda ident: url_for("signing.by_link_arrival", token=token, arrival_id=ident),
        more=lambda: Linked.again(token).around(),
    )


@signing.route("/s/<token>/elsewhere", methods=["GET", "POST"])
@_opened
@_visited
def by_link_elsewhere(linked: Linked) -> Any:
    """What is to be done in the other signing tool; the signed file is handed in here."""
    if not _asked(linked):
        return linked.page("over", fate=_why_not(linked)), _status(200)
    return show_bench(_bench(linked))


@signing.route("/s/<token>/arrivals/<arrival_id>", methods=["GET", "POST"])
@_opened
@_visited
def by_link_arrival(linked: Linked, arrival_id: str) -> Any:
    """What was found in the file that was handed in."""
    if not _asked(linked):
        return linked.page("over", fate=_why_not(linked)), _status(200)
    return show_arrival(_bench(linked), arrival_id)


@signing.route("/s/<token>/refuse", methods=["GET", "POST"])
@_opened
@_visited
def by_link_refuse(linked: Linked) -> Any:
    """On a page that says the consequence. What was typed is given back."""
    if not _asked(linked):
        return linked.page("over", fate=_why_not(linked)), _status(200)
    form, token = ReasonForm(), linked.token
    if not form.is_submitted():
        return linked.page("refuse", form=form)
    if not form.validate():
        return linked.page("refuse", form=form), 422
    try:
        link = actions.opening(linked.link.id)
        who = signer_by_link(link)
        running.refuse(who.known, who.party, who.actor, form.reason.data or "")
        actions.spend(link, "refused")
    except (Moved, Refused) as problem:
        db.session.rollback()
        refusal = _(problem.message, **problem.params)
        return Linked.again(token).page("refuse", form=form, refusal=refusal), 409
    return redirect(url_for("signing.by_link", token=token), code=303)


@signing.get("/s/<token>/file.pdf")
@_opened
@_visited
def by_link_file(linked: Linked) -> Response:
    """The file as it stands now."""
    row = linked.signer.known.row
    answer = make_response(revisions.bytes_of(row, revisions.present(row)))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.reference}.pdf"'
    return answer


@signing.get("/s/<token>/page-<int:number>.png")
@_opened
@_visited
def by_link_page(linked: Linked, number: int) -> Response:
    """One page of the file as it stands now, as a picture."""
    row = linked.signer.known.row
    return page_picture(revisions.bytes_of(row, revisions.present(row)), number)

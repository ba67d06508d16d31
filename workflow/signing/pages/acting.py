"""Doors: somebody with an access signs or refuses; whoever runs the room reminds, extends, withdraws, delegates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.approvals.actions import personal_links
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import personal_links as links
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.signing.actions import coding, delegating, running
from workflow.signing.actions.signing import signer_inside
from workflow.signing.models import OPEN
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.forms import AddressForm, DelegateForm, ReasonForm, UntilForm
from workflow.signing.pages.signing import Desk as Table
from workflow.signing.pages.signing import show
from workflow.signing.queries.entitled import come_in, prepare_in
from workflow.signing.queries.rooms import Open, Party
from workflow.web import door, journals
from workflow.web.editing import Desk, Step, confirm, edit

COOKIE = "relais_signing"
CODES, IN_A_DAY = 6, timedelta(days=1)


def _back(reference: str) -> str:
    return url_for("signing.room", reference=reference)


def _running(reference: str) -> Open:
    known = prepare_in(g.identity, reference)
    if known.row.state != OPEN:
        raise Refused("closed", "This room is over.")
    return known


@signing.route("/rooms/<reference>/signatories/<signatory_id>/sign", methods=["GET", "POST"])
def sign(reference: str, signatory_id: str) -> Any:
    """The exact pages, what one agrees to, then the signature. Only for the signatory themself."""
    known = come_in(g.identity, reference)
    if known.party(signatory_id).person != g.identity.person:
        raise NotFound()
    table = Table(
        signer=lambda: signer_inside(g.identity, come_in(g.identity, reference), signatory_id),
        sign=lambda who, act: coding.sign_inside(who, act, request.cookies.get(COOKIE)),
        template="signing/sign.html",
        back=_back(reference),
        page=lambda number, state: url_for("signing.page", reference=reference, number=number, state=state),
        file=url_for("signing.file", reference=reference),
        refuse=url_for("signing.refuse", reference=reference, signatory_id=signatory_id),
        elsewhere=url_for("signing.elsewhere", reference=reference, signatory_id=signatory_id),
        more=lambda: _code_of(reference, signatory_id),
    )
    return show(table)


def _code_of(reference: str, signatory_id: str, error: str = "") -> dict[str, Any]:
    """What the page says of the code: asked for, typed, or still to be sent."""
    known = come_in(g.identity, reference)
    party = known.party(signatory_id)
    row = coding.found(known, party, g.identity.person)
    return {
        "needs_code": not coding.proven(known, party, g.identity.person, request.cookies.get(COOKIE)),
        "code_sent": row is not None and ((row.code_hash is None and row.codes == 0) or links.has_code(row)),
        "code_on_paper": row is not None and row.code_by == links.LETTER,
        "code_error": error,
        "code_url": url_for("signing.code", reference=reference, signatory_id=signatory_id),
    }


@signing.post("/rooms/<reference>/signatories/<signatory_id>/code")
def code(reference: str, signatory_id: str) -> Any:
    """Have a code sent, or type it."""
    known = come_in(g.identity, reference)
    party, person = known.party(signatory_id), g.identity.person
    if party.person != person or known.row.state != OPEN:
        raise NotFound()
    back = url_for("signing.sign", reference=reference, signatory_id=signatory_id, _anchor="sign")
    if "code" not in request.form:
        return _send_code(known, party, back)
    typed, row = request.form.get("code", ""), coding.found(known, party, person)
    if row is None or not links.has_code(row):
        flash(_no_code(row), "late")
        return redirect(back, code=303)
    on_paper = row.code_by == links.LETTER
    secret = personal_links.try_code(row.id, typed)
    door.commit()  # a wrong code counts, whatever is answered
    if not secret:
        flash(
            _("This is not the code. Look at the paper, and type its eight signs.")
            if on_paper
            else _("This is not the code. Look at the mail, and type its six figures."),
            "late",
        )
        return redirect(back, code=303)
    answer = redirect(back, code=303)
    secure, age = current_app.config["RELAIS"].secure_cookies, int(personal_links.VISIT.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age, path="/rooms", httponly=True, samesite="Lax", secure=secure)
    return answer


def _no_code(row: PersonalLink | None) -> str:
    """Why nothing that is typed could be right."""
    if row is None or row.code_by != links.LETTER:
        return _("This code is too old, or was typed wrong too often: ask for another one.")
    if not row.codes:
        return _("The paper with your code has not been printed yet. Call us: we give it to you.")
    return _("This code is of no use any more: ask whoever opened the signatures to print another one.")


def _send_code(known: Open, party: Party, back: str) -> Any:
    subject, person = f"{known.row.id}:{party.id}", g.identity.person
    reference, ident = known.row.reference, party.id
    db.session.rollback()  # the count is written in a transaction of its own
    if journals.too_many("signing-code", subject, CODES, IN_A_DAY):
        flash(_("Several codes have been sent today: look at your mails, or try again tomorrow."), "late")
        return redirect(back, code=303)
    known = come_in(g.identity, reference)
    coding.ask(known, known.party(ident), person)
    flash(_("A code is on its way to your mailbox."), "done")
    return redirect(back, code=303)


@signing.route("/rooms/<reference>/signatories/<signatory_id>/refuse", methods=["GET", "POST"])
def refuse(reference: str, signatory_id: str) -> Any:
    """On a page that says the consequence."""
    known = come_in(g.identity, reference)
    party = known.party(signatory_id)
    if party.person != g.identity.person or known.row.state != OPEN:
        raise NotFound()
    form = ReasonForm()
    step = Step(
        title=_("Refuse to sign “%(title)s”", title=known.title),
        consequence=_(
            "Nobody signs this document any more. Everybody who was asked, and whoever opened the signatures, reads "
            "who refused and why. A new version may follow."
        ),
        verb=_("Refuse to sign"),
        back=_back(reference),
        crumbs=[(_back(reference), _("Signatures"))],
    )

    def act() -> None:
        who = signer_inside(g.identity, known, signatory_id)
        running.refuse(known, party, who.actor, form.reason.data or "")

    return confirm(step, form, act, _("Your refusal is recorded. Everybody is told."))


@signing.post("/rooms/<reference>/take-back")
def take_back(reference: str) -> Any:
    """One's own signature, before anybody else signed."""
    come_in(g.identity, reference)
    running.take_back(g.identity, reference)
    flash(_("Your signature is taken back. The file is again what it was before."), "done")
    return redirect(_back(reference), code=303)


@signing.post("/rooms/<reference>/remind")
def remind(reference: str) -> Any:
    count = running.remind(g.identity, _running(reference).row.reference)
    flash(ngettext("%(num)s signatory is reminded.", "%(num)s signatories are reminded.", count), "done")
    return redirect(_back(reference), code=303)


@signing.route("/rooms/<reference>/extend", methods=["GET", "POST"])
def extend(reference: str) -> Any:
    known, form = _running(reference), UntilForm()
    desk = Desk(
        title=_("Give more time"),
        lead=_("Those who are asked now have until the end of that day."),
        back=_back(reference),
        crumbs=[(_back(reference), _("Signatures"))],
        verb=_("Give more time"),
    )
    return edit(desk, form, lambda: running.extend(g.identity, known.row.reference, form.until.data), _("Noted."))


@signing.route("/rooms/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Any:
    known, form = _running(reference), ReasonForm()
    step = Step(
        title=_("Withdraw “%(title)s”", title=known.title),
        consequence=_(
            "Nobody signs this document any more, and everybody who was asked is told why. What was signed stays kept."
        ),
        verb=_("Withdraw it"),
        back=_back(reference),
        crumbs=[(_back(reference), _("Signatures"))],
    )
    act = lambda: running.withdraw(g.identity, reference, form.reason.data or "")  # noqa: E731
    return confirm(step, form, act, _("Nobody signs this document any more."))


@signing.route("/rooms/<reference>/signatories/<signatory_id>/address", methods=["GET", "POST"])
def address(reference: str, signatory_id: str) -> Any:
    """Another address for somebody without access; a link leaves at once where they are asked now."""
    known = _running(reference)
    party = known.party(signatory_id)
    form = AddressForm(data={"mail": party.acting.mail, "postal": party.acting.postal})
    desk = Desk(
        title=_("Where %(name)s is reached", name=party.acting.name),
        lead=_("Links that left for the former address are dead from then on."),
        back=_back(reference),
        crumbs=[(_back(reference), _("Signatures"))],
        verb=_("Save and send a link"),
    )

    def save() -> None:
        running.change_address(g.identity, reference, signatory_id, form.mail.data or "", form.postal.data or "")

    return edit(desk, form, save, _("Saved. A link leaves where it is their turn."))


@signing.route("/rooms/<reference>/signatories/<signatory_id>/delegate", methods=["GET", "POST"])
def delegate(reference: str, signatory_id: str) -> Any:
    """Somebody signs instead, under a mandate of their own."""
    known = come_in(g.identity, reference)
    party = known.party(signatory_id)
    if not delegating.may(g.identity, known, party):
        raise NotFound()
    form = DelegateForm().fill(known)
    desk = Desk(
        title=_("Somebody signs instead of %(name)s", name=party.words.name),
        lead=_("Their own mandate is recorded, and stands beside their signature."),
        back=_back(reference),
        crumbs=[(_back(reference), _("Signatures"))],
        verb=_("Have them sign"),
        template="signing/signatory.html",
    )

    def save() -> None:
        handed = form.mandate_file.data
        delegating.delegate(g.identity, reference, signatory_id, form.delegate(handed.read() if handed else b""))

    return edit(desk, form, save, _("They are asked to sign instead."))

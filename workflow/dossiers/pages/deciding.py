"""Doors: decide, on a page that says the consequence first; who comes second reads who was faster."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.approvals.queries.attending import withdrew
from workflow.circuit.refusals import MESSAGES
from workflow.db import begin_reading, db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import Decision
from workflow.dossiers.pages.asked_of import asked_of
from workflow.dossiers.pages.asking import known_before, questions, wrong
from workflow.dossiers.pages.before_deciding import JUDGING, material_of
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import DANGER, LABELS, WHOLE, name
from workflow.dossiers.pages.comments import PUBLIC
from workflow.dossiers.pages.goes import goes
from workflow.dossiers.pages.meanwhile import Meanwhile, meanwhile_of
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.own_votes import own_votes
from workflow.dossiers.pages.passing_on import given_up
from workflow.dossiers.pages.stopped import looked_at_again, sentence, stop_page
from workflow.dossiers.pages.stuck import stuck
from workflow.dossiers.pages.wording import command_of
from workflow.dossiers.rules import number
from workflow.errors import Forbidden, Moved, NotFound, Refused
from workflow.web import errors
from workflow.web.fields import readable

WITHDREW = MESSAGES["withdrew"]

ELSEWHERE = frozenset(("Submit", "Sign", "Refresh"))
"""Decisions with a page of their own."""
DECIDING = JUDGING | {"Withdraw", "Cancel", "TakeBack", "Reopen"}

errors.GIVING_BACK["dossiers.decide"] = "reason"


@dossiers.route("/dossiers/<reference>/decide/<command>/<step>", methods=["GET", "POST"])
def decide(reference: str, command: str, step: str) -> Any:
    asked = command_of(command)
    if asked not in LABELS or asked in ELSEWHERE:
        raise NotFound()
    if request.method == "POST":
        return _carry_out(reference, asked, step)
    try:
        page = Page(reference)
    except NotFound:
        if why := _withdrew(reference, step):
            return errors.not_yours(why)
        raise
    offer = page.choices.offered(asked, step)
    if offer is None:
        flash(_("This is no longer asked of you: here is where the dossier stands."), "info")
        return redirect(page.url, code=303)
    return _ask(page, offer, meanwhile=meanwhile_of(page, request.args.get("version", ""), ""))


# -- asking -------------------------------------------------------------------------------------------------------


def _ask(
    page: Page,
    offer: Offer,
    *,
    meanwhile: Meanwhile,
    faults: list[dict[str, str]] | None = None,
    refusal: str = "",
) -> str:
    return render_template(
        "dossiers/decide.html",
        **page.frame(),
        verb=page.choices.verb(offer),
        asked=asked_of(page, offer),
        known_before=known_before(page, offer),
        own_votes=own_votes(page),
        stuck=stuck(page),
        consequence=page.choices.consequence(offer),
        danger=name(offer) in DANGER,
        questions=questions(page, offer, faults or []),
        hidden=_hidden(page, offer),
        errors=faults or [],
        refusal=refusal,
        meanwhile=meanwhile,
        goes=goes(page, offer),
        others=page.choices.others(offer),
        **material_of(page, offer),
    )


def _hidden(page: Page, offer: Offer) -> dict[str, Any]:
    """What the page showed, and what leaves no choice."""
    found: dict[str, Any] = {"version": page.file.known.course.version}
    found["shown"] = page.file.stored.fingerprint if page.file.stored else ""
    if name(offer) == "Reassign" and (person := given_up(page, offer)):
        found["from_person"] = person
    allowed = offer.possible.choices.get("to", ())
    if name(offer) == "SendBack" and len(allowed) == 1:
        found["to"] = allowed[0]
    return found


# -- carrying out -------------------------------------------------------------------------------------------------


def _carry_out(reference: str, command: str, step: str) -> Any:
    """The action judges by itself: what else could be done here is not asked while others wait to write."""
    decision = _decision(command, step)
    faults = wrong(decision)
    if faults:
        page = Page(reference)
        offer = page.choices.offered(command, step)
        if offer:
            return _ask(page, offer, meanwhile=meanwhile_of(page, decision.version, decision.shown), faults=faults), 422
    try:
        actions.decide(g.identity, reference, decision)
    except (Moved, Refused) as stop:
        return _anew(reference, decision, step, stop)
    except (NotFound, Forbidden):
        db.session.rollback()
        return errors.not_yours(_withdrew(reference, step))
    done = "Your decision is recorded." if command in DECIDING else "It is recorded in the course of the dossier."
    flash(_(done), "done")  # the page that follows says what comes next
    return redirect(url_for("dossiers.dossier", reference=reference), code=303)


def _withdrew(reference: str, step: str) -> str:
    """Who withdrew in a sitting may not open the dossier any more, and knows why."""
    begin_reading()
    try:
        subject = queries.by_reference(reference).subject
    except NotFound:
        return ""
    return _(WITHDREW) if g.identity.person in withdrew(subject, step) else ""


def _anew(reference: str, decision: Decision, step: str, stop: Moved | Refused) -> Any:
    """As long as it is still theirs to do, the same page with what was typed and what changed; otherwise who was
    faster.
    """
    page = looked_at_again(reference)
    offer = page.choices.offered(decision.command, step)
    if offer is None:
        return stop_page(page, stop, decision.reason)
    meanwhile = meanwhile_of(page, decision.version, decision.shown)
    return _ask(page, offer, meanwhile=meanwhile, refusal=sentence(page, stop)), 409


def _decision(command: str, step: str) -> Decision:
    told = request.form
    return Decision(
        command=command,
        step="" if step == WHOLE else step,
        version=number(told.get("version", "")),
        shown=told.get("shown", ""),
        reason=readable(told.get("reason", "")).strip(),
        sections=tuple(told.getlist("sections")),
        to=told.get("to", "author"),
        opinion=told.get("opinion", ""),
        from_person=told.get("from_person", ""),
        to_person=told.get("to_person", ""),
        due=told.get("due", ""),
        public=told.get("readers") == PUBLIC,
    )

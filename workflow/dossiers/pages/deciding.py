"""Doors: decide, on a page that says the consequence first; who comes second reads who was faster."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.circuit.offers import NEEDS
from workflow.db import begin_reading, db
from workflow.dossiers import actions
from workflow.dossiers.actions import Decision
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import DANGER, LABELS, WHOLE, name
from workflow.dossiers.pages.history import OPINIONS
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import command_of, moment
from workflow.dossiers.rules import number
from workflow.errors import Moved, NotFound, Refused
from workflow.record.queries import facts

ELSEWHERE = frozenset(("Submit", "Sign"))
"""Decisions with a page of their own."""

WRITTEN = {kind.__name__: "reason" in needs for kind, needs in NEEDS.items()} | {"Withdraw": False}
SAY_WHY = "Write why, in one or two sentences: this is what the others will read."
LONGEST = 4000  # characters of a reason


@dossiers.route("/dossiers/<reference>/decide/<command>/<step>", methods=["GET", "POST"])
def decide(reference: str, command: str, step: str) -> Any:
    asked = command_of(command)
    if asked not in LABELS or asked in ELSEWHERE:
        raise NotFound()
    if request.method == "POST":
        return _carry_out(reference, asked, step)
    page = Page(reference)
    offer = _offer(page, asked, step)
    if offer is None:
        flash(_("This is no longer asked of you: here is where the dossier stands."), "info")
        return redirect(page.url, code=303)
    return _ask(page, offer, shown=request.args.get("version", ""))


def _offer(page: Page, command: str, step: str) -> Offer | None:
    wanted = None if step == WHOLE else step
    return next((one for one in page.file.offers if name(one) == command and one.possible.step == wanted), None)


# -- asking -------------------------------------------------------------------------------------------------------


def _ask(page: Page, offer: Offer, *, shown: str = "", errors: list[dict[str, str]] | None = None) -> str:
    version = page.file.known.course.version
    seen = number(shown, version)
    return render_template(
        "dossiers/decide.html",
        **page.frame(),
        verb=page.choices.verb(offer),
        absent=page.people.name(offer.actor.on_behalf_of),
        asked=page.choices.step_labels.get(offer.possible.step or "", ""),
        consequence=page.choices.consequence(offer),
        danger=name(offer) in DANGER,
        written=WRITTEN.get(name(offer)),
        sections=_sections(page, offer),
        opinions=_opinions(offer),
        errors=errors or [],
        typed=request.form,
        version=version,
        fingerprint=page.file.stored.fingerprint if page.file.stored else "",
        meanwhile=page.history.acts(facts(page.file.row.subject, after=seen)) if seen < version else [],
    )


def _sections(page: Page, offer: Offer) -> list[dict[str, Any]]:
    """Sections that may be sent back: those the step looks at and its reader sees."""
    if name(offer) != "SendBack" or offer.step is None:
        return []
    answers = page.file.answers(page.lang)
    seen = {section.path for section in answers.sections} if answers else set()
    chosen = request.form.getlist("sections")
    return [
        {"value": group.name, "label": group.label[page.form_lang], "selected": group.name in chosen}
        for group in page.file.published.form.sections
        if group.path in seen and offer.step.looks_at(group.name)
    ]


def _opinions(offer: Offer) -> list[dict[str, Any]]:
    chosen = request.form.get("opinion")
    known = offer.possible.choices.get("opinion", ())
    return [{"value": one, "label": _(OPINIONS[one]), "selected": one == chosen} for one in known]


# -- carrying out -------------------------------------------------------------------------------------------------


def _carry_out(reference: str, command: str, step: str) -> Any:
    """The action judges by itself: what else could be done here is not asked while others wait to write."""
    decision = _decision(command, step)
    errors = _wrong(decision)
    if errors:
        page = Page(reference)
        offer = _offer(page, command, step)
        if offer:
            return _ask(page, offer, errors=errors), 422
    try:
        actions.decide(g.identity, reference, decision)
    except (Moved, Refused) as stop:
        return stopped(reference, stop, decision.reason)
    flash(_("Your decision is recorded."), "done")  # the page that follows says what comes next
    return redirect(url_for("dossiers.dossier", reference=reference), code=303)


def _decision(command: str, step: str) -> Decision:
    told = request.form
    version = told.get("version", "")
    return Decision(
        command=command,
        step="" if step == WHOLE else step,
        version=number(version),
        shown=told.get("shown", ""),
        reason=told.get("reason", "").strip(),
        sections=tuple(told.getlist("sections")),
        opinion=told.get("opinion", ""),
    )


def _wrong(decision: Decision) -> list[dict[str, str]]:
    needed = WRITTEN.get(decision.command) or decision.opinion in ("reserved", "unfavourable")
    found = []
    if decision.command == "GiveOpinion" and not decision.opinion:
        found.append(_error("opinion", _("Your opinion"), _("Choose your opinion.")))
    if needed and not decision.reason:
        found.append(_error("reason", _("Reason"), _(SAY_WHY)))
    if len(decision.reason) > LONGEST:
        found.append(_error("reason", _("Reason"), _("Write at most %(count)s characters.", count=LONGEST)))
    return found


def _error(field: str, label: str, message: str) -> dict[str, str]:
    return {"id": field, "label": label, "message": message}


def stopped(reference: str, stop: Moved | Refused, typed: str = "") -> Any:
    """Why it could not be done: who was faster, when, what changed since; what was typed is given back."""
    db.session.rollback()
    begin_reading()
    page = Page(reference)
    at = stop.params.get("at")
    spoken = moment(datetime.fromisoformat(at), page.zone) if at else ""
    return (
        render_template(
            "dossiers/stopped.html",
            **page.frame(),
            faster=isinstance(stop, Moved),
            sentence=page.choices.refusal(stop.message, stop.params, spoken),
            since=page.history.acts(getattr(stop, "since", ())),
            next_sentence=page.course.next_sentence(),
            typed=typed,
            other=_in_the_way(stop),
        ),
        409,
    )


IN_THE_WAY = frozenset(("newer_one", "another_open", "open_there"))


def _in_the_way(stop: Moved | Refused) -> dict[str, str] | None:
    """The other dossier that must be dealt with first: its reference and its page."""
    if not isinstance(stop, Refused) or stop.code not in IN_THE_WAY:
        return None
    reference = str(stop.params["reference"])
    return {"reference": reference, "url": url_for("dossiers.dossier", reference=reference)}

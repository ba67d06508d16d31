"""Part of the door where something is signed: each party signs on paper, the copy it signed is attached."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from workflow.approvals.queries import Offer, actors, signers
from workflow.circuit.decide import voices
from workflow.circuit.voting import unit
from workflow.dossiers import actions
from workflow.dossiers.actions import Decision
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.stopped import stopped
from workflow.dossiers.rules import number
from workflow.errors import Invalid, Moved, Refused
from workflow.filing.actions import keep_file

PAPER = "paper"


def sign(page: Page) -> Any:
    """Ask for the signed copy of one party, or keep it."""
    offer = next((one for one in page.file.offers if name(one) == "Sign"), None)
    if request.method == "POST":
        return _keep(page, offer)
    if offer is None:
        flash(_("No signature is asked of you here at the moment."), "info")
        return redirect(page.url, code=303)
    return _ask(page, offer, [])


def _ask(page: Page, offer: Offer, errors: list[dict[str, str]]) -> str:
    return render_template(
        "dossiers/sign_party.html",
        **page.frame(),
        step=page.choices.step_labels.get(offer.possible.step or "", ""),
        consequence=page.choices.consequence(offer),
        parties=_parties(page),
        typed=request.form,
        errors=errors,
        version=page.file.known.course.version,
        fingerprint=page.file.stored.fingerprint if page.file.stored else "",
    )


def _parties(page: Page) -> dict[str, str]:
    """{organisation: its name} of those whose signature this person may attach now: their own, or any they keep."""
    known = page.file.known
    circuit, state = known.published.circuit, known.state
    mine = {one.voice for one in actors(page.identity, known)}
    found = {one.organisation for one in signers(page.identity, known)}
    for step in (circuit.step(step) for step in state.open):
        spoken = {unit(step, vote.voice) for vote in state.votes_at(step.id)}
        seats = voices(circuit, state, step, known.context)
        found |= {one.organisation for one in seats & mine if unit(step, one) not in spoken}
    named = {slug: page.people.organisation(slug) for slug in found if slug}
    return dict(sorted(named.items(), key=lambda one: one[1]))


def _keep(page: Page, offer: Offer | None) -> Any:
    errors = _wrong(_parties(page) if offer else {})
    if errors and offer:
        return _ask(page, offer, errors), 422
    try:
        actions.decide(page.identity, page.reference, _decision(page, offer))
    except Invalid as bad:
        if offer is None:
            raise
        return _ask(
            page, offer, [_error("scan", _("Signed copy"), _(one.message, **one.params)) for one in bad.errors]
        ), 422
    except (Moved, Refused) as stop:
        return stopped(page.reference, stop, "")
    flash(_("The signed copy is kept, and the signature recorded."), "done")
    return redirect(page.url, code=303)


def _decision(page: Page, offer: Offer | None) -> Decision:
    """When nothing is asked any more, the judgement says who was faster: no copy is kept then."""
    told, row, sent = request.form, page.file.row, request.files.get("scan")
    scan = None
    if offer and sent is not None:
        scan = keep_file(row.operation_id, row.subject, sent.read(), sent.mimetype, page.identity.person).sha256
    return Decision(
        command="Sign",
        step=(offer.possible.step if offer else None) or _last_signed(page),
        version=number(told.get("version", "")),
        shown=told.get("shown", ""),
        channel=PAPER,
        scan_hash=scan,
        party=told.get("party", ""),
    )


def _last_signed(page: Page) -> str:
    return next((step.id for step in page.file.published.circuit.steps() if step.kind.value == "signature"), "")


def _wrong(parties: dict[str, str]) -> list[dict[str, str]]:
    sent, found = request.files.get("scan"), []
    if request.form.get("party") not in parties:
        found.append(_error("party", _("Who signed"), _("Choose the organisation that signed.")))
    if sent is None or not sent.filename:
        found.append(
            _error("scan", _("Signed copy"), _("Attach the scan or a photograph of the paper that was signed."))
        )
    return found


def _error(field: str, label: str, message: str) -> dict[str, str]:
    return {"id": field, "label": label, "message": message}

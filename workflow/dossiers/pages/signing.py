"""Door: the household reads its copy on the officer's screen, says what it thinks of it, and confirms."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from forms.visibility import view
from workflow.access import LENSES
from workflow.approvals.queries import Offer
from workflow.dossiers import actions
from workflow.dossiers.actions import Decision
from workflow.dossiers.pages import signing_parties
from workflow.dossiers.pages.answers import Drawing
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import LONGEST
from workflow.dossiers.pages.stopped import stopped
from workflow.dossiers.pages.uploads import outside
from workflow.dossiers.queries import agreements
from workflow.dossiers.rules import number
from workflow.errors import Invalid, Moved, Refused
from workflow.filing.actions import keep_file

SCREEN, PAPER = "screen", "paper"


@dossiers.route("/dossiers/<reference>/sign", methods=["GET", "POST"])
def sign(reference: str) -> Any:
    page = Page(reference)
    if page.whole:
        return signing_parties.sign(page)
    offer = next((one for one in page.file.offers if name(one) == "Sign"), None)
    if request.method == "POST":
        return _confirm(page, offer)
    if offer is None:
        flash(_("The household's confirmation is not asked for at the moment."), "info")
        return redirect(page.url, code=303)
    return _read(page, offer, [])


def _read(page: Page, offer: Offer, errors: list[dict[str, str]]) -> str:
    copy = view(page.file.instance, LENSES["household"], page.form_lang)
    return render_template(
        "dossiers/sign.html",
        **page.frame(),
        sections=Drawing(brief=True, kept=outside(page.file).kept).sections(copy),
        consequence=page.choices.consequence(offer),
        readers=_readers(page),
        typed=request.form,
        errors=errors,
        version=page.file.known.course.version,
        fingerprint=page.file.stored.fingerprint,
        longest=LONGEST,
    )


def _readers(page: Page) -> list[str]:
    """Organisations to which the household agreed, by name."""
    return sorted(filter(None, (page.people.organisation(slug) for slug in agreements(page.file.row))))


def _confirm(page: Page, offer: Offer | None) -> Any:
    errors = _wrong()
    if errors and offer:
        return _read(page, offer, errors), 422
    remarks = request.form.get("remarks", "").strip()
    try:
        actions.decide(page.identity, page.reference, _decision(page, offer, remarks))
    except Invalid as bad:
        if offer is None:
            raise
        told = [_error(one.field, _("Scan"), _(one.message, **one.params)) for one in bad.errors]
        return _read(page, offer, told), 422
    except (Moved, Refused) as stop:
        return stopped(page.reference, stop, remarks)
    flash(_("The household's confirmation is recorded."), "done")
    return redirect(page.url, code=303)


def _decision(page: Page, offer: Offer | None, remarks: str) -> Decision:
    told, version = request.form, request.form.get("version", "")
    return Decision(
        command="Sign",
        step=offer.possible.step if offer and offer.possible.step else _signature_step(page),
        version=number(version),
        shown=told.get("shown", ""),
        reason=remarks,
        channel=told.get("channel", ""),
        scan_hash=_scan(page),
        disagreement=told.get("agreement") == "no",
    )


def _signature_step(page: Page) -> str:
    """The step that was signed meanwhile: the judgement then says who was faster."""
    return next((step.id for step in page.file.published.circuit.steps() if step.kind.value == "signature"), "")


def _scan(page: Page) -> str | None:
    """Keep the scan of a paper; its hash is what the decision names. Raises Invalid when it is not a scan."""
    sent = request.files.get("scan")
    if request.form.get("channel") != PAPER or sent is None or not sent.filename:
        return None
    row = page.file.row
    return keep_file(row.operation_id, row.subject, sent.read(), sent.mimetype, page.identity.person).sha256


def _wrong() -> list[dict[str, str]]:
    told, found = request.form, []
    if told.get("agreement") not in ("yes", "no"):
        found.append(_error("agreement", _("What the household thinks of it"), _("Choose one of the two answers.")))
    if len(told.get("remarks", "")) > LONGEST:
        found.append(_error("remarks", _("Remarks"), _("Write at most %(count)s characters.", count=LONGEST)))
    if told.get("channel") not in (SCREEN, PAPER):
        found.append(_error("channel", _("How it is confirmed"), _("Say whether it is on the screen or on paper.")))
    sent = request.files.get("scan")
    if told.get("channel") == PAPER and (sent is None or not sent.filename):
        found.append(_error("scan", _("Scan"), _("Attach the scan or a photograph of the paper that was signed.")))
    return found


def _error(field: str, label: str, message: str) -> dict[str, str]:
    return {"id": field, "label": label, "message": message}

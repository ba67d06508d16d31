"""Doors: an aged dossier is brought up to date; something that happened is noted; the versions of a dossier."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow import access
from workflow.approvals.queries import Offer
from workflow.circuit.decide import at_risk, own_work
from workflow.circuit.model import AUTHOR
from workflow.dossiers import actions, queries
from workflow.dossiers.pages.ageing import ageing_of, banner, confided
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import first_section, name
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.versions import versions_of
from workflow.dossiers.queries.freshness import name_of
from workflow.dossiers.queries.refreshing import newer_version
from workflow.dossiers.rules import number
from workflow.errors import Forbidden
from workflow.web.journals import note_sensitive_read


@dossiers.route("/dossiers/<reference>/refresh", methods=["GET", "POST"])
def refresh(reference: str) -> Any:
    """Says what it leads to, then takes the dossier up again and goes to the first page that is too old."""
    page = Page(reference)
    if page.file.fills:
        return redirect(_first(page), code=303)
    if request.method == "POST":
        actions.refresh(g.identity, reference, number(request.form.get("version", "")))
        flash(_("A new version is open, with the answers of the one before."), "done")
        return redirect(_first(Page(reference)), code=303)
    offer = next((one for one in page.file.offers if name(one) == "Refresh"), None)
    if offer is None:
        return redirect(page.url, code=303)
    return _ask(page, offer)


def _ask(page: Page, offer: Offer) -> str:
    return render_template(
        "dossiers/refresh.html",
        **page.frame(),
        aged=banner(page.file, page.people),
        confided=confided(page.file, page.people),
        consequences=_consequences(page, offer),
        other_form=newer_version(page.file.row) is not None,
        version=page.file.known.course.version,
    )


def _consequences(page: Page, offer: Offer) -> list[str]:
    """Decisions that no longer count once the new version is sent, or may not, depending on what is corrected; one's
    own, which somebody else has to give then.
    """
    circuit, known = page.file.published.circuit, page.file.known
    own = own_work(circuit, known.state, offer.actor, known.context)
    said = {(one.params["step"], offer.actor.voice.person) for one in own}
    risks = at_risk(circuit, known.state, AUTHOR)
    told = [*own, *(one for one in risks if (one.params["step"], one.params["person"]) not in said)]
    return list(dict.fromkeys(page.choices.sentence(one) for one in told))


def _first(page: Page) -> str:
    """Where one begins: the first page with answers that are too old, else the first one."""
    reference = page.reference
    if not page.file.fills or page.file.instance is None:
        return page.url
    stale = [name_of(block.section) for block in ageing_of(page.file).stale()]
    return url_for("dossiers.fill", reference=reference, section=stale[0] if stale else first_section(page.file))


@dossiers.get("/dossiers/<reference>/versions")
def versions(reference: str) -> str:
    """Each version that was handed on: who, when, and what it changed in the one before."""
    page = Page(reference)
    told, levels = versions_of(page)
    note_sensitive_read(page.file.row.subject, page.identity.person, levels)
    return render_template("dossiers/versions.html", **page.frame(), versions=told)


@dossiers.post("/households/<household_id>/happenings")
def happening(household_id: str) -> Any:
    """Something happened: the pages it concerns are asked again before their time."""
    row = queries.household(g.identity, household_id)
    if not access.may_fill(g.identity, row.operation_id):
        raise Forbidden()
    procedure, _between, code = request.form.get("what", "").partition(":")
    actions.note_happening(row, procedure, code, g.identity.person)
    flash(_("It is noted: the pages it concerns are asked again."), "done")
    return redirect(url_for("dossiers.household", household_id=row.id), code=303)

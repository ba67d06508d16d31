"""Doors: one search over everything a reader may see; asked nothing, what they opened last."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access
from workflow.access import Identity
from workflow.dashboards.pages.blueprint import dashboards
from workflow.dashboards.queries import finding
from workflow.dashboards.queries.finding import Hit

LONGEST = 200  # characters of a question


@dashboards.get("/search")
def search() -> Any:
    """An exact reference leads straight to its page."""
    words = request.args.get("q", "").strip()[:LONGEST]
    identity: Identity = g.identity
    exact = finding.exactly(identity, words) if words else None
    if exact:
        return redirect(_url(exact), code=303)
    found = finding.found(identity, words) if words else {}
    return render_template(
        "dashboards/search.html",
        words=words,
        groups=[
            {
                "title": _title(kind),
                "hits": [_line(hit) for hit in hits.shown],
                "more": _more(kind, words, hits),
            }
            for kind, hits in found.items()
            if hits.shown
        ],
        recent=[_line(hit) for hit in finding.recent(identity)] if not words else [],
    )


def _title(kind: str) -> str:
    return {
        "household": _("Households"),
        "dossier": _("Dossiers"),
        "paper": _("Documents"),
        "person": _("People"),
        "organisation": _("Organisations"),
        "operation": _("Operations"),
    }[kind]


def _line(hit: Hit) -> dict[str, str]:
    label = hit.label or _("Household %(reference)s", reference=hit.reference)
    return {"url": _url(hit), "label": label, "sub": " · ".join(filter(None, (hit.sub, hit.place)))}


def _url(hit: Hit) -> str:
    if hit.kind == "household":
        return url_for("dossiers.household", household_id=hit.ref)
    if hit.kind == "dossier":
        return url_for("dossiers.dossier", reference=hit.ref)
    if hit.page:
        return url_for(hit.page[0], **hit.page[1], _anchor="papers")
    if hit.kind == "person":
        return url_for("people.person", person_id=hit.ref)
    if hit.kind == "organisation":
        return url_for("people.organisation", slug=hit.ref)
    return url_for("dashboards.home", operation=hit.ref)


def _more(kind: str, words: str, hits: finding.Hits) -> dict[str, str] | None:
    """Where the rest of a long list is."""
    rest = hits.total - len(hits.shown)
    if rest > 0 and kind == "paper" and len(g.identity.operations) == 1:
        here = url_for("filing.papers", operation=min(g.identity.operations), q=words)
        return {"url": here, "label": ngettext("%(num)s more: open the list", "%(num)s more: open the list", rest)}
    lists = {"household": "dossiers.households", "person": "people.persons"}
    if rest <= 0 or kind not in lists or not access.may_come(lists[kind], g.identity):
        return None
    return {
        "url": url_for(lists[kind], q=words),
        "label": ngettext("%(num)s more: open the list", "%(num)s more: open the list", rest),
    }

"""How procedures speak of themselves on the pages of a household: buttons that begin them, words of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workflow.access import Identity
from workflow.catalogue.queries import Published
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.pages.ageing import reason
from workflow.dossiers.pages.announcing import announced
from workflow.dossiers.queries.beginning import Beginning, beginnings
from workflow.web.spoken import label, lang

GENERAL: dict[str, str] = {
    # word of a procedure.yaml: English msgid for procedures that have none of their own
    "begin": "Begin: %(procedure)s",
    "again": "Begin once more: %(procedure)s",
    "go_on": "Go on: %(procedure)s",
    "open": "Open: %(procedure)s",
    "refresh": "Bring up to date: %(procedure)s",
    "send": "Send",
    "under_way": "“%(procedure)s” is already under way for this household: here it is.",
}


def word(published: Published, name: str) -> str:
    """The procedure's own word (`words` in its procedure.yaml), or the general one with its name."""
    own = published.settings.get("words", {}).get(name)
    return label(own) if own else _(GENERAL[name], procedure=label(published.label))


def begun(identity: Identity, row: Household, known: Iterable[Dossier], told: Iterable[str] = ()) -> dict[str, Any]:
    """{first, others}: the button at the top of the page, and the procedures that may be begun beside it.

    first: the one that comes next in the course of a rehousing; None when something else is at hand. told: references
    of dossiers of which the page says already that they must be brought up to date.
    """
    had, told = {one.slug for one in known if one.void_at is None}, set(told)
    offered = [
        one for one in beginnings(identity, row, lang()) if one.refreshes is None or one.refreshes.reference not in told
    ]
    first = _first([one for one in offered if one.unmet is None and one.refreshes is None], had)
    return {
        "first": _button(first, had, identity) if first else None,
        "others": [_button(one, had, identity) for one in offered if one is not first],
    }


def _first(open_now: list[Beginning], had: set[str]) -> Beginning | None:
    """What was never begun: the latest that follows something, else the very first of all."""
    new = [one for one in open_now if one.published.slug not in had]
    following = next((one for one in reversed(new) if one.follows), None)
    return following or (new[0] if new and not had else None)


def _button(one: Beginning, had: set[str], identity: Identity) -> dict[str, Any]:
    published = one.published
    return {
        "slug": published.slug,
        "label": word(published, "refresh" if one.refreshes else "again" if published.slug in had else "begin"),
        "announced": announced(published),
        "describe": label(published.settings.get("describe", {"fr": ""})),
        "reason": reason(one.unmet, identity) if one.unmet and not one.refreshes else None,
        "refresh_url": url_for("dossiers.refresh", reference=one.refreshes.reference) if one.refreshes else "",
    }


def asked_for(row: Household, slug: str) -> Published | None:
    """The procedure a button names; without a name, the one a household begins with."""
    known = queries.procedures(row)
    return next((one for one in known if not slug or one.slug == slug), None)

"""Doors: two households that are one are joined, what differs being chosen line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from workflow.dossiers import queries
from workflow.dossiers.actions import merging
from workflow.dossiers.models import Household
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.moving import others
from workflow.dossiers.queries import mending
from workflow.dossiers.rules import STATES, number
from workflow.errors import Moved, NotFound, Refused
from workflow.operations.queries import zones
from workflow.people import queries as people
from workflow.web.spoken import label

LABELS = {
    "name": "Name",
    "building_id": "Building",
    "entrance": "Entrance",
    "floor": "Floor",
    "dwelling": "Dwelling",
    "dwelling_type": "Type of dwelling",
    "surface": "Surface",
    "address": "Address",
    "phone": "Telephone",
    "email": "E-mail address",
    "lang": "Language",
    "tenant_reference": "Tenant reference",
    "persons": "Persons",
    "referent": "Followed by",
    "landlord": "Landlord",
    "zone": "Part of the operation",
    "state": "Situation",
}
"""What may differ, as a page names it."""


@dossiers.route("/households/<household_id>/merge", methods=["GET", "POST"])
def merge_household(household_id: str) -> Any:
    """Choose the other one, then what is right of each."""
    row = queries.household(g.identity, household_id)
    if not mending.may_mend_household(g.identity, row.operation_id):
        raise NotFound()
    other_id = request.values.get("other", "")
    if not other_id or other_id == row.id:
        return _choose(row)
    other = queries.household(g.identity, other_id)
    if other.operation_id != row.operation_id:
        raise NotFound()
    if request.method == "GET":
        return _compare(row, other)
    return _join(row, other)


def _choose(row: Household) -> str:
    words = request.args.get("q", "").strip()[:200]
    alike = [*mending.same_door(row), *mending.namesakes(row)]
    found, total = others(row, words) if words else (alike, len(alike))
    return render_template(
        "dossiers/merge_choose.html", row=row, words=words, offered=found, more=max(0, total - len(found))
    )


def _compare(row: Household, other: Household, problem: str = "", *, moved: bool = False) -> str:
    twice = merging.open_twice(row, other)
    return render_template(
        "dossiers/merge.html",
        one=row,
        other=other,
        lines=_lines(row, other),
        keep=request.form.get("keep") or row.id,
        open_twice=twice,
        moved=moved,
        problems=[{"id": "keep", "message": problem}] if problem else [],
    )


def _lines(row: Household, other: Household) -> list[dict[str, Any]]:
    """What differs, the one of the two that says something being proposed."""
    return [
        {
            "name": name,
            "label": _(LABELS[name]),
            "one": _said(row, name),
            "other": _said(other, name),
            "chosen": request.form.get(f"take-{name}") or (row.id if getattr(row, name) else other.id),
        }
        for name in merging.differing(row, other)
    ]


def _said(row: Household, name: str) -> str:
    """A column as people read it."""
    value = getattr(row, name)
    if value in (None, ""):
        return ""
    teller = _TELLERS.get(name)
    return teller(row, value) if teller else str(value)


_TELLERS: dict[str, Callable[[Household, Any], str]] = {
    "building_id": lambda row, _value: label(queries.place(row, named=True)),
    "referent": lambda _row, value: people.names([value]).get(value, ""),
    "landlord": lambda _row, value: people.organisation_names().get(value, value),
    "zone": lambda row, value: label(zones(row.operation_id).get(value, {"fr": value})),
    "state": lambda _row, value: _(STATES[value][0]),
    "surface": lambda _row, value: _("%(surface)s m²", surface=format_decimal(value)),
}


def _join(row: Household, other: Household) -> Any:
    keep = request.form.get("keep")
    kept, gone = (other, row) if keep == other.id else (row, other)
    theirs = frozenset(line["name"] for line in _lines(row, other) if line["chosen"] == gone.id)
    versions = {one.id: number(request.form.get(f"version-{one.id}", ""), -1) for one in (row, other)}
    try:
        merging.merge(g.identity, kept.id, gone.id, theirs, versions)
    except Moved:
        return _compare(row, other, moved=True), 409
    except Refused as refused:
        return _compare(row, other, _(refused.message, **refused.params)), 422
    flash(_("The two are one household now."), "done")
    return redirect(url_for("dossiers.household", household_id=kept.id), code=303)

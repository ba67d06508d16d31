"""Doors: a household is entered, or what is known of it is changed."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from workflow import access
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Household
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.household_form import CHOSEN, FIELDS, HouseholdForm
from workflow.dossiers.rules import number
from workflow.errors import Moved, NotFound
from workflow.operations.queries import operation as find_operation
from workflow.web.places import here


@dossiers.route("/operations/<operation>/households/new", methods=["GET", "POST"])
def new_household(operation: str) -> Any:
    """Enter one household; it gets its reference from the server."""
    _may_enter(operation)
    form = HouseholdForm(operation)
    if request.method == "GET":
        return _page(operation, form)
    if not form.validate():
        return _page(operation, form), 422
    told = form.told()
    there = queries.already_there(operation, told)
    if there and not form.sure.data:
        return _page(operation, form, there=there), 422
    row = actions.register_household(operation, told, g.identity.person)
    flash(_("%(name)s is entered under the reference %(reference)s.", name=row.name, reference=row.reference), "done")
    if request.form.get("next") == "another":
        return redirect(
            url_for("dossiers.new_household", operation=operation, building=row.building_id or ""), code=303
        )
    return _to_card(row)


@dossiers.route("/households/<household_id>/change", methods=["GET", "POST"])
def change_household(household_id: str) -> Any:
    """Change what is known of a household; two who change it at once are shown both versions."""
    row = queries.household(g.identity, household_id)
    _may_change(row)
    form = HouseholdForm(row.operation_id, row)
    if request.method == "GET":
        return _page(row.operation_id, form, row)
    if not form.validate():
        return _page(row.operation_id, form, row), 422
    told = form.told()
    there = queries.already_there(row.operation_id, told, besides=row.id)
    if there and not form.sure.data and _door_changed(row, told):
        return _page(row.operation_id, form, row, there=there), 422
    try:
        changed = actions.change_household(row, number(form.version.data or "", -1), told, g.identity.person)
    except Moved:
        return _page(row.operation_id, form, row, both=_both(row, form)), 409
    flash(_("The changes are kept.") if changed else _("Nothing was changed."), "done")
    return _to_card(row)


def _may_enter(operation: str) -> None:
    if not access.may_enter_households(g.identity, here(g.identity)) or not find_operation(operation):
        raise NotFound()


def _may_change(row: Household) -> None:
    """Whoever enters households and may read their names; a household that was erased or merged stays as it is."""
    enters = access.may_enter_households(g.identity, row.operation_id)
    if (
        not enters
        or not access.may_read_names(g.identity, row.operation_id)
        or row.state == "purged"
        or row.merged_into
    ):
        raise NotFound()


def _door_changed(row: Household, told: dict[str, Any]) -> bool:
    """Two households may share a door already: that is asked once, not at every change."""
    return any(getattr(row, name) != told[name] for name in ("building_id", "dwelling", "tenant_reference"))


def _to_card(row: Household) -> Response:
    """The card; whoever may not read it goes on entering."""
    if access.may_come("dossiers.household", g.identity) and _reads(row):
        return redirect(url_for("dossiers.household", household_id=row.id), code=303)
    return redirect(url_for("dossiers.new_household", operation=row.operation_id), code=303)


def _reads(row: Household) -> bool:
    try:
        return queries.household(g.identity, row.id) is not None
    except NotFound:
        return False


# -- what the page shows ------------------------------------------------------------------------------------------


def _page(
    operation: str,
    form: HouseholdForm,
    row: Household | None = None,
    *,
    there: list[Household] | None = None,
    both: list[dict[str, str]] | None = None,
) -> str:
    names = access.may_read_names(g.identity, operation)
    return render_template(
        "dossiers/household_form.html",
        form=form,
        row=row,
        place=find_operation(operation),
        there=[_card(one, names) for one in there or []],
        both=both or [],
        problems=form.problems(),
        back_url=url_for("dossiers.household", household_id=row.id) if row else _back(operation),
    )


def _back(operation: str) -> str:
    reads = access.may_come("dossiers.households", g.identity)
    return url_for("dossiers.households", operation=operation) if reads else url_for("dashboards.home")


def _card(row: Household, names: bool) -> dict[str, str]:
    readable = names and _reads(row)
    return {
        "reference": row.reference,
        "name": row.name if readable else "",
        "dwelling": row.dwelling if readable else "",
        "url": url_for("dossiers.household", household_id=row.id) if readable else "",
    }


def _both(row: Household, form: HouseholdForm) -> list[dict[str, str]]:
    """Theirs and yours, side by side; the form then stands on the newest version, and sending it again decides."""
    told = form.told()
    form.version.data = str(row.version)
    return [
        {
            "label": str(form[name].label.text),
            "theirs": shown(form, name, getattr(row, column)),
            "yours": shown(form, name, told[column]),
        }
        for name, column in FIELDS.items()
        if getattr(row, column) != told[column]
    ]


def shown(form: HouseholdForm, name: str, value: Any) -> str:
    """A column as a person reads it: the label of a choice, a decimal with its comma."""
    if name in CHOSEN:
        return next((label for choice, label in form[name].choices if choice == (value or "") and choice), "")
    if isinstance(value, float):
        return format_decimal(value)
    return str(value or "")

"""Doors: an absence declared, for oneself or by who sets up; withdrawn."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import SelectMultipleField
from wtforms.validators import Optional

from workflow.errors import NotFound
from workflow.people import actions, queries
from workflow.people.actions import AbsenceDraft
from workflow.people.models import Person
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.web import fields
from workflow.web.editing import Crumb, Desk, edit


class AbsenceForm(fields.Sheet):
    first_day = fields.day(later("First day away"), later("Write the first day."))
    last_day = fields.day(later("Last day away"), later("Write the last day."))
    substitute = fields.choice(
        later("Who stands in"),
        later("Choose who stands in."),
        description=later(
            "They see and decide in this person's place, on these days only; papers say so. Only colleagues who act "
            "for the same organisation can be chosen; the rest stays with the others who hold the role."
        ),
    )
    procedures = SelectMultipleField(
        later("For which forms"), [Optional()], choices=[], description=later("Tick none for all of them.")
    )


@people.route("/me/absences/new", methods=["GET", "POST"])
def my_absence() -> Any:
    me = queries.person(g.identity.person)
    if me is None:
        raise NotFound()
    back = url_for("people.me")
    return _declare(me, back, [(back, _("My page"))], _("I will be away"))


@people.route("/people/<person_id>/absences/new", methods=["GET", "POST"])
def new_absence(person_id: str) -> Any:
    row = reach.looked_after(person_id)
    back = url_for("people.person", person_id=person_id)
    crumbs = [(url_for("people.persons"), _("People")), (back, row.name)]
    return _declare(row, back, crumbs, _("Absence of %(name)s", name=row.name))


def _declare(row: Person, back: str, crumbs: list[Crumb], title: str) -> Any:
    form = AbsenceForm()
    form.choose(substitute=[(one.id, one.name) for one in _colleagues(row)])
    procedures = [(slug, wording.label(told)) for slug, told in queries.surroundings().procedures().items()]
    form.procedures.choices = procedures
    if len(procedures) < 2:
        del form.procedures
    desk = Desk(
        title=title,
        lead=_("What waits for the absent person waits for whoever stands in too, from the first to the last day."),
        back=back,
        crumbs=crumbs,
        verb=_("Declare this absence"),
    )

    def save() -> None:
        chosen = list(form.procedures.data or ()) if "procedures" in form else []
        told = AbsenceDraft(form.substitute.data, form.first_day.data, form.last_day.data, chosen)
        actions.put_absence(row.id, told, g.identity.person)

    return edit(desk, form, save, _("The absence is declared."))


def _colleagues(row: Person) -> list[Person]:
    """Who works for the same organisation in the operations of the absent person today; not whoever declares it."""
    operations = {one.operation_id for one in queries.assignments_of(row.id) if not queries.is_over(one)} - {None}
    found = {one.id: one for place in sorted(operations) for one in queries.persons_of_operation(place)}
    for one in {row.id, g.identity.person}:
        found.pop(one, None)
    return sorted((one for one in found.values() if queries.may_stand_in(row.id, one.id)), key=lambda one: one.name)


@people.post("/absences/<absence_id>/withdraw")
def withdraw_absence(absence_id: str) -> Any:
    """They are back, or it was a mistake: from now on nobody stands in."""
    row = queries.absence(absence_id)
    if row is None or not (row.person_id == g.identity.person or _looks_after(row.person_id)):
        raise NotFound()
    person_id = row.person_id
    actions.withdraw_absence(absence_id, g.identity.person)
    flash(_("The absence is withdrawn."), "done")
    mine = person_id == g.identity.person
    return redirect(url_for("people.me") if mine else url_for("people.person", person_id=person_id), code=303)


def _looks_after(person_id: str) -> bool:
    return reach.sets_up_anything() and queries.may_look_after(g.identity, person_id)

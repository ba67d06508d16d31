"""Doors: a role given, changed, ended."""

from __future__ import annotations

from typing import Any

from flask import flash, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow import clock
from workflow.errors import NotFound
from workflow.people import actions, queries
from workflow.people.actions import AssignmentDates
from workflow.people.models import Assignment
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.people.pages.roles import partner_or_refused, place_of, roles_offered
from workflow.web import fields
from workflow.web.editing import Desk, Step, confirm, edit


class AssignmentForm(fields.Sheet):
    person = fields.choice(later("Who"), later("Choose a person."))
    role = fields.choice(later("Role"), later("Choose a role."))
    operation = fields.choice(later("In which operation"), later("Choose in which operation."))
    organisation = fields.choice(later("Acts for"), later("Choose for which organisation."))
    employer = fields.choice(
        later("Employer"),
        description=later("Leave it empty when it is the same. It may be another one: a provider, say."),
    )
    since = fields.day(later("First day"), later("Write the first day."))
    until = fields.day(later("Last day"), description=later("Leave it empty when the end is not known."))


class DatesForm(fields.Sheet):
    employer = fields.choice(later("Employer"), later("Choose an employer."))
    since = AssignmentForm.since
    until = AssignmentForm.until


@people.route("/people/assignments/new", methods=["GET", "POST"])
def new_assignment() -> Any:
    """The address may tell who, which role and where: ?person=…&role=…&operation=…"""
    form = AssignmentForm(data=_proposed())
    organisations = [(row.slug, row.name) for row in queries.organisations()]
    form.choose(
        person=[(row.id, row.name) for row in queries.persons_seen_by(g.identity)],
        role=[(code, wording.role(code)) for code in roles_offered()],
        operation=reach.places(),
        organisation=organisations,
        employer=organisations,
    )
    who = queries.person(request.args.get("person"))
    back = url_for("people.person", person_id=who.id) if who else url_for("people.persons")
    desk = Desk(
        title=_("Give a role"),
        lead=_("A role opens pages from its first day to its last, both included."),
        back=back,
        crumbs=[(url_for("people.persons"), _("People"))],
        verb=_("Give this role"),
        template="people/assignment.html",
        more={
            "roles": [(wording.role(code), wording.opens(code)) for code in roles_offered()],
            "new_person_url": url_for("people.new_person", **_told("role", "operation")),
            "bodies_url": _bodies_url(),
        },
    )
    return edit(desk, form, lambda: _give(form), _("The role is given."))


def _told(*names: str) -> dict[str, str]:
    return {name: request.args[name] for name in names if request.args.get(name)}


def _proposed() -> dict[str, Any]:
    told = _told("person", "role", "operation", "organisation")
    who = queries.person(told.get("person"))
    offered = [code for code, _name in reach.places() if code != reach.WHOLE]
    one = {"operation": offered[0]} if len(offered) == 1 else {}
    known = {"organisation": who.organisation or "", "employer": who.organisation or ""} if who else {}
    return {"since": clock.today()} | one | known | told


def _bodies_url() -> str:
    operation = request.args.get("operation", "") or next(iter(queries.operations_set_up_by(g.identity)), "")
    if operation not in queries.operations_set_up_by(g.identity):
        return ""
    return url_for("people.bodies", operation=operation)


def _give(form: AssignmentForm) -> str:
    operation = place_of(form.operation.data, form.role.data, form)
    partner_or_refused(operation, form.organisation.data, "organisation")
    row = actions.give_role(
        form.person.data,
        form.role.data,
        form.organisation.data,
        operation,
        since=form.since.data,
        until=form.until.data,
        employer=form.employer.data or None,
        by=g.identity.person,
    )
    if row.person_id == g.identity.person:
        flash(_("You gave this role to yourself: the journal of the installation says so."), "waiting")
    return url_for("people.person", person_id=row.person_id)


@people.route("/people/assignments/<assignment_id>", methods=["GET", "POST"])
def change_assignment(assignment_id: str) -> Any:
    row = reach.assignment(assignment_id)
    form = _filled(row)
    back = url_for("people.person", person_id=row.person_id)
    desk = Desk(
        title=_("Change the days of a role"),
        lead=_said(row),
        back=back,
        crumbs=[(url_for("people.persons"), _("People")), (back, row.person.name)],
        verb=_("Keep these changes"),
    )

    def save() -> None:
        told = AssignmentDates(form.since.data, form.until.data, form.employer.data or None)
        actions.change_assignment(assignment_id, told, form.shown_version, g.identity.person)

    return edit(desk, form, save, _("The role is changed."), lambda: _fresh(assignment_id))


@people.route("/people/assignments/<assignment_id>/end", methods=["GET", "POST"])
def end_assignment(assignment_id: str) -> Any:
    """At once. What is open with this person then waits for the others who hold the role."""
    row = reach.assignment(assignment_id)
    back = url_for("people.person", person_id=row.person_id)
    step = Step(
        title=_("End a role"),
        consequence=_(
            "%(name)s: %(role)s. From now on this role opens nothing more. What was done in it stays in the history.",
            name=row.person.name,
            role=_said(row),
        ),
        verb=_("End it now"),
        back=back,
        crumbs=[(url_for("people.persons"), _("People")), (back, row.person.name)],
    )
    form = fields.Sheet(data={"version": str(row.version)})
    return confirm(step, form, lambda: actions.end_assignment(row, g.identity.person), _("The role has ended."))


def _said(row: Assignment) -> str:
    names, places = queries.organisation_names(), queries.operation_names()
    return _(
        "%(role)s for %(organisation)s, %(place)s",
        role=wording.role(row.role),
        organisation=names.get(row.organisation or "", ""),
        place=wording.place(row.operation_id, places),
    )


def _filled(row: Assignment, **how: Any) -> DatesForm:
    told = {"employer": row.employer, "since": row.since, "until": row.until, "version": str(row.version)}
    form = DatesForm(data=told, **how)
    form.choose(employer=[(one.slug, one.name) for one in queries.organisations()])
    return form


def _fresh(assignment_id: str) -> tuple[DatesForm, int]:
    row = queries.assignment(assignment_id)
    if row is None:
        raise NotFound()
    return _filled(row, formdata=None), row.version

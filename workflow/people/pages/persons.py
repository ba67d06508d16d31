"""Doors: the list of persons, one person, a person added or changed."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import BooleanField

from workflow import access, clock
from workflow.errors import FieldError, Invalid, NotFound
from workflow.people import actions, queries
from workflow.people.actions import PersonDraft
from workflow.people.models import Person
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.people.pages.roles import partner_or_refused, place_of, roles_offered
from workflow.people.rules import ROLES
from workflow.web import fields
from workflow.web.editing import Desk, edit

LANGUAGES = (("fr", "français"), ("en", "English"))


class PersonForm(fields.Sheet):
    name = fields.name_field(later("First name and name"), later("Write a first name and a name."), 200)
    email = fields.email(
        later("E-mail address"), description=later("Leave it empty when there is none: a code is then printed.")
    )
    phone = fields.phone(later("Telephone"))
    organisation = fields.choice(later("Employer"), later("Choose who employs this person."))
    lang = fields.choice(later("Language"), later("Choose a language."))

    def drafted(self) -> PersonDraft:
        return PersonDraft(
            self.name.data, self.email.data or None, self.phone.data or None, self.organisation.data, self.lang.data
        )


class NewPersonForm(PersonForm):
    role = fields.choice(later("Role"))
    operation = fields.choice(later("In which operation"))
    acts_for = fields.choice(
        later("Acts for"),
        description=later("Leave it empty when it is the employer. A provider acts for the town, say."),
    )
    invite = BooleanField(later("Send the invitation by e-mail now"))
    groups = (
        ("", ("name", "email", "phone", "organisation", "lang")),
        (later("What this person will do"), ("role", "operation", "acts_for")),
        ("", ("invite",)),
    )


@people.route("/people/new", methods=["GET", "POST"])
def new_person() -> Any:
    """Somebody new, with a first role and the invitation in one go."""
    form = NewPersonForm(data=_proposed())
    _lists(form)
    form.choose(
        role=[(code, wording.role(code)) for code in roles_offered()],
        operation=reach.places(),
        acts_for=[(row.slug, row.name) for row in queries.organisations()],
    )
    desk = Desk(
        title=_("Add a person"),
        lead=_("Who they are, what they will do, and how they come in."),
        back=url_for("people.persons"),
        crumbs=[(url_for("people.persons"), _("People"))],
        verb=_("Add this person"),
    )
    return edit(desk, form, lambda: _add(form), _("The person is added."))


def _proposed() -> dict[str, Any]:
    """What the link may have told; one operation is chosen when there is only one."""
    told = {name: request.args.get(name, "") for name in ("role", "operation", "organisation")}
    offered = [code for code, _name in reach.places() if code != reach.WHOLE]
    if not told["operation"] and len(offered) == 1:
        told["operation"] = offered[0]
    return told | {"lang": "fr", "invite": True}


def _add(form: NewPersonForm) -> str:
    by = g.identity.person
    row = actions.add_person(form.drafted(), by)
    if form.role.data:
        operation = place_of(form.operation.data, form.role.data, form)
        acts_for = form.acts_for.data or form.organisation.data
        partner_or_refused(operation, acts_for, "acts_for")
        actions.give_role(
            row.id,
            form.role.data,
            acts_for,
            operation,
            since=clock.today(),
            employer=form.organisation.data,
            by=by,
        )
    elif not access.administers(g.identity) and form.organisation.data not in _partners():
        raise Invalid([FieldError("role", "Choose a role: without one, you would not see this person again.")])
    if not form.email.data:
        flash(_("There is no e-mail address: print a code below, to be handed over."), "waiting")
    elif form.invite.data:
        actions.invite(row.id, by)
        flash(_("The invitation is on its way to %(address)s.", address=form.email.data), "done")
    return url_for("people.person", person_id=row.id)


def _partners() -> frozenset[str]:
    return queries.partners_of(queries.operations_set_up_by(g.identity))


def _lists(form: PersonForm) -> None:
    form.choose(organisation=[(row.slug, row.name) for row in queries.organisations()])
    form.lang.choices = list(LANGUAGES)


@people.route("/people/<person_id>/change", methods=["GET", "POST"])
def change_person(person_id: str) -> Any:
    row = reach.looked_after(person_id)
    form = _filled(row)
    back = url_for("people.person", person_id=person_id)
    desk = Desk(
        title=_("Change %(name)s", name=row.name),
        lead=_(
            "A new e-mail address ends the invitations sent to the old one. Whoever has a password already confirms it "
            "from a mail, and signs in as before until then."
        ),
        back=back,
        crumbs=[(url_for("people.persons"), _("People")), (back, row.name)],
        verb=_("Keep these changes"),
    )
    return edit(desk, form, lambda: _change(row.id, form), _("The person is changed."), lambda: _fresh(person_id))


def _change(person_id: str, form: PersonForm) -> None:
    pending = queries.invitation(person_id).pending
    moved = actions.change_person(person_id, form.drafted(), form.shown_version, g.identity.person)
    if moved and pending:
        flash(_("The invitation sent before is not valid any more: send it again."), "waiting")


def _filled(row: Person, **how: Any) -> PersonForm:
    told = {name: getattr(row, name) for name in ("name", "email", "phone", "organisation", "lang")}
    form = PersonForm(data=told | {"version": str(row.version)}, **how)
    _lists(form)
    return form


def _fresh(person_id: str) -> tuple[PersonForm, int]:
    row = queries.person(person_id)
    if row is None:
        raise NotFound()
    return _filled(row, formdata=None), row.version


# -- one person ---------------------------------------------------------------------------------------------------


@people.get("/people/<person_id>")
def person(person_id: str) -> Any:
    """For colleagues: how to reach them and who stands in. For who sets up: everything, and what can be done."""
    row = reach.seen(person_id)
    looks_after = queries.may_look_after(g.identity, person_id) and reach.sets_up_anything()
    held = [one for one in queries.assignments_of(person_id) if _shown(one)]
    today = clock.today()
    absences = queries.absences_of(person_id, since=today)
    return render_template(
        "people/person.html",
        row=row,
        mine=person_id == g.identity.person,
        looks_after=looks_after,
        sets_up=reach.sets_up_anything(),
        organisation=queries.organisation_names().get(row.organisation or "", ""),
        now=[_line(one) for one in held if not queries.is_over(one)],
        before=[_line(one) for one in held if queries.is_over(one)] if reach.sets_up_anything() else [],
        absences=absences,
        away_now=next((one for one in absences if one.first_day <= today), None),
        names=queries.names([one.substitute_id for one in absences]),
        account=queries.account_of(person_id) if looks_after else None,
        invitation=queries.invitation(person_id),
        invited=wording.invited(queries.invitation(person_id)),
        wording=wording,
        leaving_url=_leaving(person_id),
    )


def _shown(row: Any) -> bool:
    """An assignment elsewhere is nobody's business here."""
    if access.administers(g.identity) or row.person_id == g.identity.person:
        return True
    return row.operation_id in g.identity.operations


def _line(row: Any) -> dict[str, Any]:
    names, places = queries.organisation_names(), queries.operation_names()
    return {
        "id": row.id,
        "role": wording.role(row.role),
        "opens": wording.opens(row.role),
        "organisation": names.get(row.organisation or "", ""),
        "employer": names.get(row.employer or "", "") if row.employer != row.organisation else "",
        "place": wording.place(row.operation_id, places),
        "body": _body_of(row),
        "when": wording.held(row),
        "may_change": reach.may_assign_in(row.operation_id) and not queries.is_over(row),
        "seat": bool(row.role in ROLES and ROLES[row.role].seat),
        "operation": row.operation_id,
        "slug": row.body,
    }


def _body_of(row: Any) -> str:
    """The name of a body; its row is seen only within the scope."""
    if not row.body or row.operation_id not in g.identity.operations:
        return ""
    found = queries.body(row.operation_id, row.body)
    return wording.body_name(found) if found else ""


def _leaving(person_id: str) -> str:
    """Where somebody's departure is prepared, when that page is there and open to this reader."""
    name = "dossiers.leave"
    if name not in current_app.view_functions or not access.may_come(name, g.identity):
        return ""
    return url_for(name, person_id=person_id)

"""Doors: the organisations that take part in an operation."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from wtforms import BooleanField

from workflow.operations import actions, queries
from workflow.operations.actions.ground import row_of
from workflow.operations.models import Operation, Partner
from workflow.operations.pages.blueprint import operations, set_up, trail
from workflow.operations.pages.removing import remove
from workflow.operations.rules import PART_LABELS
from workflow.people import queries as people
from workflow.people.actions import OrganisationDraft, add_organisation
from workflow.people.models import Organisation
from workflow.people.rules import KINDS
from workflow.web import fields, listed
from workflow.web.editing import Desk, edit

NEW = "+"


class PartnerForm(fields.Sheet):
    organisation = fields.choice(later("Organisation"), later("Choose an organisation, or add a new one."))
    new_name = fields.words(later("Its name"), 200)
    new_kind = fields.choice(later("What it is"))
    new_city = fields.words(later("Its city"), 120)
    part = fields.choice(later("Its part in this operation"), later("Say which part it takes."))
    consent = BooleanField(
        later("Households are asked before it reads of them"),
        description=later("Untick only when the operation could not be carried without it."),
    )
    groups = (
        ("", ("organisation",)),
        (later("If it is a new organisation"), ("new_name", "new_kind", "new_city")),
        ("", ("part", "consent")),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.organisation.data != NEW:
            return sound
        if not self.new_name.data:
            self.refuse("new_name", "Write the name of the new organisation.")
        if not self.new_kind.data:
            self.refuse("new_kind", "Say what kind of organisation it is.")
        return sound and not self.errors


class KnownPartnerForm(fields.Sheet):
    part = PartnerForm.part
    consent = PartnerForm.consent


@operations.get("/operations/<operation>/partners")
def partners(operation: str) -> Any:
    row = set_up(operation)
    known, organisations = queries.partners(operation), people.organisation_rows()
    add = (url_for("operations.new_partner", operation=operation), _("Add a partner"))
    return listed.show(
        listed.Listed(
            title=_("Partners"),
            lead=_("The organisations of the operation. Lists in the forms are made of them."),
            columns=_columns(operation, organisations),
            rows=known,
            known=len(known),
            counted=lambda count: ngettext("%(num)s partner", "%(num)s partners", count),
            empty=listed.Empty(
                _("No partner yet"), _("Begin with the landlord of the buildings, then those who take part."), *add
            ),
            primary=add,
            place=row.name,
            file_name=f"partenaires-{operation}",
            private=False,
            more={"crumbs": trail(row)},
        ),
        "operations/listed.html",
    )


def _columns(operation: str, known: dict[str, Organisation]) -> list[listed.Column]:
    def told(row: Partner, name: str) -> str:
        found = known.get(row.organisation)
        return getattr(found, name) or "" if found else ""

    return [
        listed.Column(
            _("Organisation"),
            lambda row: told(row, "name"),
            lambda row: {
                "text": told(row, "name"),
                "url": url_for("operations.partner", operation=operation, partner_id=row.id),
            },
            width=34,
        ),
        listed.Column(_("Part"), lambda row: part(row.part), width=34),
        listed.Column(_("Kind"), lambda row: _(KINDS.get(told(row, "kind"), "")) if told(row, "kind") else ""),
        listed.Column(_("City"), lambda row: told(row, "city")),
        listed.Column(_("Telephone"), lambda row: told(row, "phone"), on_page=False),
        listed.Column(
            _("Households asked first"), lambda row: _("yes") if row.consent else _("no, it reads without asking")
        ),
    ]


def part(code: str) -> str:
    return _(PART_LABELS[code]) if code in PART_LABELS else code


@operations.route("/operations/<operation>/partners/new", methods=["GET", "POST"])
def new_partner(operation: str) -> Any:
    row = set_up(operation)
    form = PartnerForm(data={"consent": True})
    taken = {one.organisation for one in queries.partners(operation)}
    free = [(one.slug, one.name) for one in people.organisations() if one.slug not in taken]
    form.choose(
        organisation=[*free, (NEW, _("A new organisation: I write its name below"))],
        new_kind=[(kind, _(label)) for kind, label in KINDS.items()],
        part=_parts(),
    )
    desk = _desk(row, _("Add a partner"), _("Add this partner"))
    return edit(desk, form, lambda: _add(row, form), _("The partner is added."))


def _add(row: Operation, form: PartnerForm) -> None:
    slug = form.organisation.data
    if slug == NEW:
        told = {"name": form.new_name.data, "kind": form.new_kind.data, "city": form.new_city.data or row.city}
        slug = add_organisation(OrganisationDraft(**told), g.identity.person).slug
    told = {"organisation": slug, "part": form.part.data, "consent": form.consent.data}
    actions.put_partner(row.id, told, g.identity.person)


@operations.route("/operations/<operation>/partners/<partner_id>", methods=["GET", "POST"])
def partner(operation: str, partner_id: str) -> Any:
    row, known = set_up(operation), row_of(Partner, operation, partner_id)
    form = _filled(known, request.form if request.method == "POST" else None)
    name = people.organisation_names().get(known.organisation, "")
    desk = _desk(row, name, _("Keep these changes"), url_for("operations.remove_partner", **_where(known)))
    told = {"organisation": known.organisation}
    return edit(
        desk,
        form,
        lambda: actions.put_partner(
            operation,
            {**told, "part": form.part.data, "consent": form.consent.data},
            g.identity.person,
            partner_id,
            form.shown_version,
        ),
        _("The partner is changed."),
        lambda: _fresh(operation, partner_id),
    )


def _where(row: Partner) -> dict[str, str]:
    return {"operation": row.operation_id, "partner_id": row.id}


def _filled(row: Partner, sent: Any) -> KnownPartnerForm:
    told = {"part": row.part, "consent": row.consent, "version": str(row.version)}
    form = KnownPartnerForm(formdata=sent, data=told)
    carries = [(row.part, part(row.part))] if row.part == "controller" else []
    form.choose(part=carries or _parts())
    return form


def _fresh(operation: str, partner_id: str) -> tuple[KnownPartnerForm, int]:
    row = row_of(Partner, operation, partner_id)
    return _filled(row, None), row.version


def _parts() -> list[tuple[str, str]]:
    """Who carries the operation is said on the page of the operation itself."""
    return [(code, _(label)) for code, label in PART_LABELS.items() if code != "controller"]


def _desk(row: Operation, title: str, verb: str, leave: str = "") -> Desk:
    back = url_for("operations.partners", operation=row.id)
    lead = _("Lists of diagnoses begun from now on follow what you change here; those under way stay as they are.")
    return Desk(
        title, lead, back, trail(row, (back, _("Partners"))), verb, (leave, _("Remove this partner")) if leave else None
    )


@operations.route("/operations/<operation>/partners/<partner_id>/remove", methods=["GET", "POST"])
def remove_partner(operation: str, partner_id: str) -> Any:
    row, known = set_up(operation), row_of(Partner, operation, partner_id)
    name = people.organisation_names().get(known.organisation, "")
    desk = _desk(row, _("Remove %(name)s", name=name), _("Remove this partner"))
    return remove(
        desk,
        known.version,
        queries.hanging(operation, "partner", known.organisation),
        lambda version: actions.remove_partner(operation, partner_id, version, g.identity.person),
        _("The partner is removed."),
    )

"""Doors: organisations."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow import access
from workflow.errors import NotFound
from workflow.people import actions, queries
from workflow.people.actions import OrganisationDraft
from workflow.people.models import Organisation
from workflow.people.pages.blueprint import people
from workflow.people.rules import KINDS, folded
from workflow.web import fields, listed
from workflow.web.editing import Desk, edit
from workflow.web.spoken import label

TOLD = ("name", "kind", "city", "phone", "address", "represented_by", "capacity", "deliberation")


class OrganisationForm(fields.Sheet):
    name = fields.name_field(later("Name"), later("Write the name of the organisation."), 200)
    kind = fields.choice(later("What it is"), later("Say what kind of organisation it is."))
    city = fields.words(later("City"), 120)
    phone = fields.phone(later("Telephone"))
    email = fields.email(later("E-mail address"))
    address = fields.words(later("Postal address"), 300)
    represented_by = fields.words(later("Who signs its letters and agreements"), 200)
    capacity = fields.words(later("In what capacity"), 200)
    deliberation = fields.words(later("Deliberation that allows it"), 200)
    groups = (
        ("", ("name", "kind", "city", "phone", "email", "address")),
        (later("On papers to be signed"), ("represented_by", "capacity", "deliberation")),
    )

    def drafted(self) -> OrganisationDraft:
        told = {name: self[name].data or "" for name in TOLD}
        return OrganisationDraft(email=self.email.data or None, **told)


@people.get("/organisations")
def organisations() -> Any:
    known = queries.organisations()
    asked = [
        listed.Filter("q", _("Name or city")),
        listed.Filter("kind", _("What it is"), [("", _("All")), *((code, _(name)) for code, name in KINDS.items())]),
    ]
    words, kind = folded(asked[0].asked), asked[1].asked
    rows = [row for row in known if words in folded(f"{row.name} {row.city}") and kind in ("", row.kind)]
    add = (url_for("people.new_organisation"), _("Add an organisation"))
    return listed.show(
        listed.Listed(
            title=_("Organisations"),
            lead=_("Towns, landlords, services and associations, whatever the operation they take part in."),
            columns=_columns(),
            rows=rows,
            known=len(known),
            filters=asked,
            counted=lambda count: ngettext("%(num)s organisation", "%(num)s organisations", count),
            empty=listed.Empty(_("No organisation yet"), _("Begin with the one you work for."), *add),
            primary=add,
            file_name="organisations",
            private=False,
        )
    )


def _columns() -> list[listed.Column]:
    mine = None if access.administers(g.identity) else queries.partners_of(queries.operations_set_up_by(g.identity))

    def name(row: Organisation) -> listed.Cell:
        opens = mine is None or row.slug in mine
        return {"text": row.name} | ({"url": url_for("people.organisation", slug=row.slug)} if opens else {})

    return [
        listed.Column(_("Name"), lambda row: row.name, name, width=36),
        listed.Column(_("What it is"), lambda row: _(KINDS.get(row.kind, row.kind))),
        listed.Column(_("City"), lambda row: row.city),
        listed.Column(_("Telephone"), lambda row: row.phone),
        listed.Column(_("E-mail address"), lambda row: row.email, width=30),
        listed.Column(_("Postal address"), lambda row: row.address, width=40, on_page=False),
    ]


@people.route("/organisations/new", methods=["GET", "POST"])
def new_organisation() -> Any:
    form = _lists(OrganisationForm())
    desk = Desk(
        title=_("Add an organisation"),
        lead=_("It can then take part in operations, and people can act for it."),
        back=url_for("people.organisations"),
        crumbs=_crumbs(),
        verb=_("Add this organisation"),
    )
    return edit(
        desk,
        form,
        lambda: actions.add_organisation(form.drafted(), g.identity.person),
        _("The organisation is added."),
    )


@people.route("/organisations/<slug>", methods=["GET", "POST"])
def organisation(slug: str) -> Any:
    """Its card, which who sets up may change."""
    row = queries.organisation(slug)
    if row is None or not _may_change(row):
        raise NotFound()
    form = _filled(row)
    desk = Desk(
        title=row.name,
        lead=_("What partners and papers read of this organisation."),
        back=url_for("people.organisations"),
        crumbs=_crumbs(),
        verb=_("Keep these changes"),
        template="people/organisation.html",
        more={"persons_url": url_for("people.persons", organisation=slug), "forms": _forms(row), "slug": slug},
    )
    return edit(
        desk,
        form,
        lambda: actions.change_organisation(slug, form.drafted(), form.shown_version, g.identity.person),
        _("The organisation is changed."),
        lambda: _fresh(slug),
    )


def _forms(row: Organisation) -> list[tuple[str, str]]:
    """(address, label) of the forms that may be worded for the households of this landlord."""
    if row.kind != "landlord" or not access.may_change_forms_of(g.identity, row.slug):
        return []
    known = queries.surroundings().procedures()
    return [(url_for("catalogue.adapt", organisation=row.slug, slug=slug), label(told)) for slug, told in known.items()]


def _may_change(row: Organisation) -> bool:
    """Whoever looks after the installation, and who sets up an operation in which it takes part."""
    if access.administers(g.identity):
        return True
    return row.slug in queries.partners_of(queries.operations_set_up_by(g.identity))


def _lists(form: OrganisationForm) -> OrganisationForm:
    form.choose(kind=[(code, _(name)) for code, name in KINDS.items()])
    return form


def _filled(row: Organisation, **how: Any) -> OrganisationForm:
    told = {name: getattr(row, name) for name in (*TOLD, "email")}
    return _lists(OrganisationForm(data=told | {"version": str(row.version)}, **how))


def _fresh(slug: str) -> tuple[OrganisationForm, int]:
    row = queries.organisation(slug)
    if row is None:
        raise NotFound()
    return _filled(row, formdata=None), row.version


def _crumbs() -> list[tuple[str, str]]:
    return [(url_for("people.persons"), _("People")), (url_for("people.organisations"), _("Organisations"))]

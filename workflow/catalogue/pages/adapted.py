"""Doors: a form changed in the page, tried as it would be, downloaded, and what was put into use before."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.adapting import told
from workflow.catalogue import queries
from workflow.catalogue.models import AdaptationVersion, ProcedureVersion
from workflow.catalogue.pages.adapting import door
from workflow.catalogue.pages.trying import LISTS, begun, page_of
from workflow.catalogue.pages.workshop import Workshop, workshop
from workflow.catalogue.queries.adapting import OPERATION, adapted_versions, ground
from workflow.db import db
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.web import listed, sheets
from workflow.web.dates import stamp


@door("/try")
def adapt_try(slug: str, operation: str = "", organisation: str = "") -> Any:
    """The form as it is being prepared, filled for a try: nothing is kept."""
    shop = workshop(slug, operation, organisation)
    form = shop.preview.form
    if form is None:
        raise NotFound()
    lists = {name: content for name, content in queries.files(shop.preview.base).items() if name.endswith(LISTS)}
    return page_of(begun(form.xml, lists, shop.title, ()))


@door("/workbook")
def adapt_workbook(slug: str, operation: str = "", organisation: str = "") -> Any:
    """An XLSForm of the form as it is being prepared, or as it was put into use: `number`."""
    shop = workshop(slug, operation, organisation)
    number = request.args.get("number", "")
    if not number:
        return sheets.download(shop.preview.source, f"{slug}-en-preparation.xlsx")
    row = next((one for one in adapted_versions(shop.holder, slug) if str(one.number) == number), None)
    if row is None:
        raise NotFound()
    return sheets.download(_workbook(shop, row), f"{slug}-{row.number}.xlsx")


def _workbook(shop: Workshop, row: AdaptationVersion) -> bytes:
    """For an operation, that of the version it gave then; for a landlord, its changes on the form of today."""
    kept = db.session.get(ProcedureVersion, row.procedure) if shop.holder.kind == OPERATION else None
    if kept is not None and kept.source is not None and kept.source_name.endswith(".xlsx"):
        return kept.source
    return queries.laid(ground(shop.holder, shop.slug), [told(row.changes)])[0]


@door("/history")
def adapt_history(slug: str, operation: str = "", organisation: str = "") -> Any:
    shop = workshop(slug, operation, organisation)
    rows = adapted_versions(shop.holder, slug)
    before = {row.number: rows[place + 1] for place, row in enumerate(rows[:-1])}
    names = people.names(row.made_by for row in rows)
    return listed.show(
        listed.Listed(
            title=_("What was put into use"),
            lead=_("The changes made to this form here, the latest first."),
            columns=[
                listed.Column(
                    _("Put into use"),
                    lambda row: stamp(row.made_at),
                    width=26,
                ),
                listed.Column(_("By"), lambda row: names.get(row.made_by, ""), width=26),
                listed.Column(_("Changes"), lambda row: len(row.changes), number=True),
                listed.Column(_("Compare"), lambda row: "", lambda row: _compare(shop, row, before.get(row.number))),
                listed.Column(
                    _("Download"),
                    lambda row: "",
                    lambda row: {"text": _("Excel file"), "url": shop.url("adapt_workbook", number=row.number)},
                ),
            ],
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s version", "%(num)s versions", count),
            empty=listed.Empty(_("Nothing yet"), _("This form is asked here as everywhere.")),
            place=shop.place,
            file_name=f"{slug}-versions",
            private=False,
            more={"crumbs": shop.crumbs},
        ),
        "catalogue/adapt_history.html",
    )


def _compare(shop: Workshop, row: AdaptationVersion, before: AdaptationVersion | None) -> dict[str, str]:
    older = before.procedure if before else ground(shop.holder, shop.slug).hash
    if older == row.procedure or shop.holder.kind != OPERATION:
        return {"text": ""}
    url = url_for("catalogue.compare", slug=shop.slug, older=older, newer=row.procedure)
    return {"text": _("with the one before") if before else _("with the common form"), "url": url}

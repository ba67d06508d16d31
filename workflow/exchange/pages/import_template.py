"""The empty file, in the kinds a spreadsheet opens."""

from __future__ import annotations

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow.errors import NotFound
from workflow.exchange import queries
from workflow.exchange.rules.importing.cells import DWELLING_TYPES
from workflow.exchange.rules.importing.columns import FIELDS
from workflow.exchange.rules.importing.template import Template, as_csv, as_ods, as_xlsx
from workflow.exchange.rules.importing.words import STATES_AS_WRITTEN

WRITERS = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (as_ods, "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}
KINDS = tuple(WRITERS)


def download(operation: str, kind: str) -> Response:
    """The template of an operation, in French like its titles. NotFound for another kind."""
    if kind not in WRITERS:
        raise NotFound()
    write, mimetype = WRITERS[kind]
    with force_locale("fr"):
        data = write(_template(operation))
    named = {"Content-Disposition": f'attachment; filename="menages-modele.{kind}"'}
    return Response(data, mimetype=mimetype, headers=named)


def _template(operation: str) -> Template:
    named = queries.world(operation).named
    offered = {
        "building": sorted(named["building_id"].values()),
        "dwelling_type": DWELLING_TYPES,
        "landlord": sorted(named["landlord"].values()),
        "zone": sorted(named["zone"].values()),
        "referent": sorted(named["referent"].values()),
        "state": [written[0] for written in STATES_AS_WRITTEN.values() if written],
    }
    lines = [(_("Column"), _("What to write in it"), _("Example"))]
    lines += [(field.title, _(field.hint) if field.hint else "", field.example) for field in FIELDS]
    lines += [("", _(told), "") for told in RULES]
    return Template(
        _("Households"),
        [field.title for field in FIELDS],
        _("Explanations"),
        lines,
        {at: list(offered[field.name]) for at, field in enumerate(FIELDS) if offered.get(field.name)},
    )


RULES = (
    "One row for each household. Columns may be moved, removed or added: Relais asks what each one holds.",
    "A household that is already there is shown and never entered twice; an empty cell erases nothing.",
    "Do not merge cells. Formulas are read by their last result.",
)

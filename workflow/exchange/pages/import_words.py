"""What the pages of an import say: values, findings, earlier files, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from workflow import access
from workflow.access import Identity
from workflow.circuit.deadlines import local_day
from workflow.dossiers.rules import STATES
from workflow.exchange import queries
from workflow.exchange.models import ImportRun
from workflow.exchange.rules.importing.cells import shown
from workflow.exchange.rules.importing.columns import BY_NAME, Header
from workflow.exchange.rules.importing.reading import Finding
from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import Book, Flaw, Sheet, Value, letters
from workflow.exchange.rules.importing.world import World
from workflow.operations.queries import buildings
from workflow.people import queries as people
from workflow.web.dates import format_date

NAMING = frozenset(("name", "address", "phone", "email", "tenant_reference", "entrance", "floor", "dwelling"))
"""What of a household only those may read who may read names."""
SAMPLES = 3


def label_of(name: str) -> str:
    """The field of a column of households, as the pages call it."""
    field = BY_NAME["building" if name == "building_id" else name]
    return _(field.label)


def value(world: World, name: str, found: Any) -> str:
    """A value of a household as a person reads it."""
    if found in (None, ""):
        return "—"
    if name in world.named:
        return world.named[name].get(found, str(found))
    if name == "state":
        return _(STATES[found][0])
    if isinstance(found, date):
        return format_date(found, "d MMMM y")
    return format_decimal(found) if isinstance(found, float) else str(found)


def sentence(finding: Finding) -> str:
    return _(finding.message, **finding.params)


def refused(refusal: FileRefused) -> str:
    """Why a file is not taken; its figures as the reader writes them."""
    told = {name: format_decimal(one) if isinstance(one, int) else one for name, one in refusal.params.items()}
    return _(refusal.message, **told)


def where(sheet: str, finding: Finding, header: Header) -> str:
    """Sheet Ménages, row 12, column D “Surface”."""
    told = {"sheet": sheet, "row": finding.row}
    if not finding.column:
        return _("Sheet %(sheet)s, row %(row)s", **told)
    titles = {letters(column): title for column, title in header.titles.items()}
    told |= {"column": finding.column, "title": titles.get(finding.column, "")}
    return _("Sheet %(sheet)s, row %(row)s, column %(column)s “%(title)s”", **told)


# -- the file -----------------------------------------------------------------------------------------------------


def columns(sheet: Sheet, header: Header, mapping: dict[str, str]) -> list[dict[str, Any]]:
    """Each column with a title, the first values under it, and what it is taken for."""
    under = [row for number, row in sheet.rows.items() if number > header.row]
    return [
        {
            "id": f"column-{letters(column)}",
            "letters": letters(column),
            "title": title,
            "samples": [shown(row[column]) for row in under[:50] if column in row and shown(row[column])][:SAMPLES],
            "field": mapping.get(letters(column), ""),
        }
        for column, title in sorted(header.titles.items())
    ]


def notes(book: Book, sheet: Sheet, header: Header) -> list[str]:
    """What a person should know of how the file was read."""
    found = []
    if book.hidden:
        found.append(_("Hidden sheets were left alone: %(names)s.", names=", ".join(book.hidden)))
    if sheet.hidden_rows:
        found.append(
            ngettext(
                "%(num)s hidden row is read like the others.",
                "%(num)s hidden rows are read like the others.",
                sheet.hidden_rows,
            )
        )
    hidden = [letters(column) for column in sheet.hidden_columns if column in header.titles]
    if hidden:
        found.append(_("Hidden columns are read like the others: %(columns)s.", columns=", ".join(hidden)))
    if header.row > min(sheet.rows):
        found.append(_("The titles were found in row %(row)s; what stands above is left alone.", row=header.row))
    found += [
        _(
            "Several columns are called “%(title)s” (%(columns)s): say which one counts.",
            title=title,
            columns=", ".join(at),
        )
        for title, at in header.doubled
    ]
    return found


# -- earlier files ------------------------------------------------------------------------------------------------


def history(rows: Sequence[ImportRun], identity: Identity, zone: str) -> list[list[dict[str, str]]]:
    """Cells of the table of files: name, when, who, what came of it. Unfinished ones only before their maker."""
    mine = [row for row in rows if row.state not in queries.OPEN or row.made_by == identity.person]
    names = people.names(row.made_by for row in mine)
    return [
        [
            {"text": row.file_name, "url": url_for(".import_run", operation=row.operation_id, run=row.id)},
            {"text": when(row.made_at, zone)},
            {"text": names.get(row.made_by, "")},
            outcome(row),
        ]
        for row in mine
    ]


def outcome(row: ImportRun) -> dict[str, str]:
    if row.state == "done":
        return {"text": _("done"), "state": "done", "sub": brought(row.counts.get("new", 0))}
    label, family = {
        "running": (_("being brought in"), "waiting"),
        "failed": (_("nothing brought in"), "late"),
    }.get(row.state, (_("to finish"), "todo"))
    return {"text": label, "state": family}


def brought(count: int) -> str:
    return ngettext("%(num)s household entered", "%(num)s households entered", count)


def when(instant: datetime, zone: str) -> str:
    return format_date(local_day(instant, zone), "d MMMM y")


def kept_findings(row: ImportRun) -> list[list[dict[str, str]]]:
    """Where a finished file was wrong; what stood there is not kept."""
    return [
        [
            {"text": _("row %(row)s", row=told["row"])},
            {"text": told["column"] or "—"},
            {"text": label_of(told["field"])},
        ]
        for told in row.findings
    ]


def buildings_known(operation: str) -> bool:
    return bool(buildings(operation))


def list_url(identity: Identity, operation: str) -> str:
    reads = access.may_come("dossiers.households", identity)
    return url_for("dossiers.households", operation=operation) if reads else ""


def plain(found: Value | None) -> str | float | date | None:
    """A cell given back as it was: a workbook takes it as text, number or day, never as an order."""
    return shown(found) if isinstance(found, Flaw | bool) else found

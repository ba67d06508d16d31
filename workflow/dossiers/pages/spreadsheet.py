"""The list of households as a workbook, cut to what its reader may see."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from workflow.dossiers.pages.listing import Line, Listing
from workflow.dossiers.rules import STATES
from workflow.web.sheets import Value, workbook

Column = tuple[str, int, Callable[[Line], Value]]  # title, width in characters, what stands in it


def of_households(shown: Listing, taken: str) -> bytes:
    """The bytes of an .xlsx file: one line per household, only the columns this reader may see."""
    columns = _columns(shown)
    titles = [(title, width) for title, width, _value in columns]
    rows = ([value(line) for _title, _width, value in columns] for line in shown.lines)
    return workbook(_("Households"), titles, rows, place=shown.operation.name, taken=taken)


def _columns(shown: Listing) -> list[Column]:
    zone = ZoneInfo(shown.operation.zone)
    course: list[Column] = [
        (_("Situation"), 22, lambda line: _(STATES[line.row.state][0])),
        (_("Since"), 12, lambda line: line.row.state_since.astimezone(zone).date()),
        (_("Last dossier"), 24, lambda line: line.procedure or _("not begun")),
        (_("State of this dossier"), 16, lambda line: _(line.form[0]) if line.form else _("not begun")),
        (_("Waits for"), 34, lambda line: line.next.who if line.next else ""),
        (_("To be done by"), 14, lambda line: line.next.due if line.next else None),
    ]
    size: list[Column] = [
        (_("Type"), 7, lambda line: line.row.dwelling_type),
        (_("Persons"), 9, lambda line: line.row.persons),
    ]
    reference: Column = (_("Reference"), 14, lambda line: line.row.reference)
    if not shown.names:
        return [reference, (_("Part of the operation"), 18, lambda line: line.place), *size, *course]
    return [reference, *_named(), *size, *course]


def _named() -> list[Column]:
    """What only those read who need the names."""
    return [
        (_("Name"), 32, lambda line: line.row.name),
        (_("Building"), 16, lambda line: line.place),
        (_("Entrance"), 9, lambda line: line.row.entrance),
        (_("Floor"), 7, lambda line: line.row.floor),
        (_("Dwelling"), 12, lambda line: line.row.dwelling),
        (_("Address"), 38, lambda line: line.row.address),
        (_("Telephone"), 16, lambda line: line.row.phone),
        (_("E-mail address"), 30, lambda line: line.row.email),
    ]
